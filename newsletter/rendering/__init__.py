"""The parts of `newsletter.render`: pieces of blocks, HTML of templates, CSS in attributes, the text part."""
