"""The tables of `newsletter.toml`, one file each, as `newsletter.config` joins them."""
