"""One web page: its title, day, writer and picture, its article, or the news that it lists."""
