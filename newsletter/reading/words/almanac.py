"""What texts call the months and the days of the week, in the languages that `dates` reads. Names only."""

_MONTHS = (
    "january januari januar jan janvier janv يناير|february februari februar feb février fevrier févr فبراير|"
    "march mars märz marts mar مارس|april apr avril avr أبريل ابريل|may maj mai مايو|"
    "june juni jun juin يونيو|july juli jul juillet juil يوليو|august augusti aug août aout أغسطس|"
    "september sept sep septembre سبتمبر|october oktober oct okt octobre أكتوبر|"
    "november nov novembre نوفمبر|december dezember desember dec dez des décembre decembre déc ديسمبر"
)
#: Finnish ones are written out, or shortened: ``12. syyskuuta``, ``12. syys``, ``12. syysk.``.
_FINNISH = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu"
MONTHS = {name: number for number, names in enumerate(_MONTHS.split("|"), 1) for name in names.split()} | {
    f"{stem}{end}": number for number, stem in enumerate(_FINNISH.split(), 1) for end in ("kuuta", "k", "")
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
#: The days of the week, as a part of a pattern.
DAYS = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag)?(?:en)?|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:mo|di|mi|do|fr|sa|so)(?=[.,])|"
    r"(?:maanan|tiis|tors|perjan|lauan|sunnun)tai(?:na)?|keskiviikko(?:na)?|"
    r"(?:man|tirs|lør|søn)(?:dag)?|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:lun|mar|mer|jeu|ven|sam|dim)(?=\.)"
)
#: The first letters of each, Monday being 0.
_WEEKDAYS = (
    "mon mån man lun|tue tis tir die|wed ons mit mer|thu tor don jeu|fri fre ven|"
    "sat lör lør sam|sun sön søn son dim"
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()}
