"""The disk: the workspace, what is shipped with the program, themes, issue files and the pool of articles."""
