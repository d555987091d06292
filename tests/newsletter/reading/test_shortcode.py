"""Laws of shortcodes that a site left as they were typed: what they hold stays, and what they are goes."""

import pytest

from newsletter.reading.html import markup, shortcode

CURLY = "[et_pb_section fb_built=&#8221;1&#8243; global_colors_info=&#8221;{}&#8221;]"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>[vc_row][vc_column][vc_custom_heading text="Labs"][vc_column_text]</p>\n<p>It opens.</p>\n'
            "<p>[/vc_column_text][vc_raw_html]JTNDaWZyYW1lJTIwc3Jj[/vc_raw_html]"
            '[vc_btn title="Go" link="url:https%3A%2F%2Fa.example.org%2Fb|target:_top"][/vc_column][/vc_row]</p>',
            "## Labs\n\nIt opens.\n\n[Go](https://a.example.org/b)",
        ),
        (
            f"<p>{CURLY}[et_pb_text]</p><p>One.</p><p>[/et_pb_text]"
            '[et_pb_image src="https://a.example.org/x.jpg" alt="A boat" title_text="x"][/et_pb_image]'
            '[et_pb_button button_url="https://a.example.org/c" button_text="Apply"][/et_pb_button]'
            '[et_pb_blurb title="Fast"]We row.[/et_pb_blurb][/et_pb_section]</p>',
            "One.\n\n![A boat](https://a.example.org/x.jpg)\n\n[Apply](https://a.example.org/c)\n\n"
            "## Fast\n\nWe row.",
        ),
        (
            '[fusion_builder_row][fusion_title size="2"]Tides[/fusion_title][fusion_text]They turn.[/fusion_text]'
            "[fusion_code]PGlmcmFtZSBzcmM9Imh0dHBzOi8v[/fusion_code]"
            '[fusion_imageframe lightbox="no"]https://a.example.org/t.jpg[/fusion_imageframe]'
            '[fusion_button link="https://a.example.org/t"]Sail[/fusion_button]After.[/fusion_builder_row]',
            "Tides\n\nThey turn.\n\n![](https://a.example.org/t.jpg)\n\n[Sail](https://a.example.org/t)\n\n"
            "After.",
        ),
        (
            '<p>One.</p>[caption id="attachment_1" width="600"]<a href="https://a.example.org/p.jpg">'
            '<img src="https://a.example.org/p.jpg"></a> On the quay[/caption]<p>Two.</p>',
            "One.\n\n![](https://a.example.org/p.jpg)\n\n*On the quay*\n\nTwo.",
        ),
        (
            'Join: [gravityform id=1 title=false][toc][contact-form-7 404 "Not Found"][box]in[/box] [b]bold[/b].',
            "Join: in bold .",
        ),
    ],
    ids=["wpbakery", "divi", "avada", "caption", "plugins"],
)  # fmt: skip
def test_what_a_shortcode_holds_or_would_show_stays(html: str, text: str) -> None:
    assert markup.markdown(html) == text


def test_brackets_of_a_text_are_its_own() -> None:
    said = "As she put it [sic], see [1], [Fig. 2], a[0][1], [x=1], [a, b] and [Anna Holm]."
    assert shortcode.plain(said) == said


def test_a_summary_says_no_shortcode_even_one_that_was_cut() -> None:
    assert markup.words("[vc_row][vc_column]We row. [&hellip;]") == "We row. […]"
    assert markup.words("We row. [vc_row css=&#8221;.vc_1{margin: 0} [&hellip;]") == "We row. […]"
    assert markup.words("We row. [vc_row css=&#8221;.vc_1{margin: 0}") == "We row."
