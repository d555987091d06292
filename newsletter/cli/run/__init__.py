"""Set up and keep running: `newsletter init`, `serve`, `doctor`, `restore`, `keys`, and the proof."""
