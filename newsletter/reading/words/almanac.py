"""What texts call the months and the days of the week, in the languages that `dates` reads. Names only."""

_MONTHS = (
    "january januari januar jan janvier janv enero يناير|"
    "february februari februar feb février fevrier févr febrero فبراير|"
    "march mars märz mär marts mar maart mrt mrz marzo مارس|april apr avril avr abril أبريل ابريل|"
    "may maj mai mei mayo مايو|june juni jun juin junio يونيو|july juli jul juillet juil julio يوليو|"
    "august augusti aug août aout augustus agosto أغسطس|september sept sep septembre septiembre سبتمبر|"
    "october oktober oct okt octobre octubre أكتوبر|november nov novembre noviembre نوفمبر|"
    "december dezember desember dec dez des décembre decembre déc diciembre ديسمبر"
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
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|(?:di|wo|do|vr|za|zo)(?=,)|"
    r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)|"
    r"(?:man|tirs?|lør|søn)(?:dag)?|(?:ma|ti|ke|to|pe|la|su)(?=,?\s\d\d?\.\d)|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:lun|mar|mer|jeu|ven|sam|dim)(?=\.)"
)
#: The first letters of each, Monday being 0.
_WEEKDAYS = (
    "mon mån man lun|tue tis tir die|wed ons mit mer|thu tor don jeu|fri fre ven|"
    "sat lör lør sam|sun sön søn son dim"
)
WEEKDAYS = {name: number for number, names in enumerate(_WEEKDAYS.split("|")) for name in names.split()}
