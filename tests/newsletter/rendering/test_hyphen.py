"""Long compounds break where a reader of the language would break them, and stay the same word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from newsletter.rendering import hyphen

WORDS = [
    "Rindfleischetiket-tierungs-überwachungs-aufgabenübertragungs-gesetz",
    "Kraftfahr-zeughaftpflichtver-sicherung",
    "Kompetens-försörjnings-strategin",
    "Wirtschafts-wissenschaft-liche",
    "läkemedels-utveckling",
    "samhälls-byggnads-projekten",
    "universitets-sjukhuset",
    "vävnads-regenerations-forskningen",
    "kvalitets-gransknings-nämnden",
    "ombyggnads-området",
    "skattskriv-nings-kontoret",
    "uppmärksamhets-kapital",
    "Kauf-bereitschaft",
    "företags-utveckling",
    "plattforms-utveckling",
    "landsbygds-utvecklingen",
    "försvars-industrin",
    "arbets-uppgifterna",
    "näringslivs-information",
    "frukostseminarium",
    "personal-suppleanten",
    "Betriebs-ausschuss",
    "Verkehrs-unternehmen",
    "bedrijfs-ontwikkeling",
    "Aansprakelijkheids-verzekerings-maatschappij",
    "werkgelegen-heids-plannen",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_compound_breaks_at_its_joints_and_syllables(word: str) -> None:
    assert "-".join(hyphen.parts(word.replace("-", ""))) == word


@pytest.mark.parametrize(
    "word",
    [
        "Kolmivaihe-kilowatti-tuntimitta-rilainaamo",
        "Käsittelylai-tosautomaa-tiojärjestel-mäpäivitys",
        "Lentoko-nesuihku-turbiini-moottori",
    ],
)
def test_a_finnish_word_breaks_before_a_consonant_with_a_vowel_after_it(word: str) -> None:
    assert "-".join(hyphen.parts(word.replace("-", ""), "fi")) == word


@given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzåäöß"), min_size=1, max_size=60))
def test_the_parts_are_the_word(word: str) -> None:
    assert "".join(hyphen.parts(word)) == word
    assert all(hyphen.parts(word))


def test_a_title_keeps_its_tags_its_short_words_and_its_marks() -> None:
    line = Markup("Om <em>NLabcdefabcdefX12XNL</em> en kort titel &amp; mer")
    assert hyphen.title(line, "sv") == line
    assert "&shy;" in hyphen.title(Markup("Kompetensförsörjningsstrategin"), "sv-FI")
    assert "&shy;" not in hyphen.title(Markup("Kompetensförsörjningsstrategin"), "en")
