"""Decide whether an e-mail address can be mailed, and what makes two of them the same.

Source: RFC 5321 section 4.1.2, RFC 6531 (internationalized addresses), as email-validator reads them. Looks
nothing up in DNS.
"""

from email_validator import EmailNotValidError, validate_email

from subscribers.errors import AddressError
from subscribers.model import Address

#: RFC 5321 section 4.5.3.1.3: a path has at most 256 octets, two of which are its brackets.
LONGEST = 254


def parse(text: str) -> Address:
    """Return the address in *text*. Raise AddressError if no mail can be sent to it."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise AddressError(str(error).rstrip(".")) from None
    canonical = f"{found.local_part.lower()}@{found.ascii_domain.lower()}"
    return Address(typed=found.normalized, canonical=canonical)
