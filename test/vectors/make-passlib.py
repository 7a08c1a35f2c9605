"""Writes passlib.json beside it: hashes made by Python's passlib, against which src/users/passlib.ts is checked.

    apt-get install python3-passlib
    /usr/bin/python3 test/vectors/make-passlib.py           writes the file
    /usr/bin/python3 test/vectors/make-passlib.py --check   compares it with what passlib says now

Salts are fixed, so that each run writes the same. All passwords are made up.
"""
import json
import sys
from pathlib import Path

try:
    from passlib.apps import custom_app_context
    from passlib.hash import sha256_crypt, sha512_crypt
except ImportError:
    sys.exit("passlib is missing: apt-get install python3-passlib, and run this with /usr/bin/python3")

PATH = Path(__file__).with_name("passlib.json")

PASSWORDS = [
    "python",
    "",
    "a",
    "correct horse battery staple",
    "tröß-пароль-密码-🔑",
    "ﬁne ①",  # not the same after NFKC
    "cafe\u0301",  # decomposed, as macOS types it
    "sixteen-bytes-16",
    "x" * 31,
    "x" * 32,
    "x" * 33,
    "y" * 63,
    "y" * 64,
    "y" * 65,
    "z" * 128,
    " leading, and trailing: spaces ",
    "quo\"te'back\\slash",
]
SALTS = ["", "a", "saltsalt", "./0123456789ABCD"]


def vectors():
    for scheme in (sha512_crypt, sha256_crypt):
        for i, password in enumerate(PASSWORDS):
            salt = SALTS[-1 - i % len(SALTS)]
            yield password, scheme.using(rounds=1000 + i, salt=salt).hash(password)
        # The text names no rounds where they are 5000, unless it was made to.
        yield "implicit", scheme.using(rounds=5000, salt="implicit").hash("implicit")
        yield "explicit", scheme.using(rounds=4999, salt="explicit").hash("explicit")
        yield "many", scheme.using(rounds=20000, salt="manyrounds").hash("many")
    # What the Flask app wrote: `from passlib.apps import custom_app_context as pwd_context`.
    for password, scheme in (("python", "sha512_crypt"), ("Grüße an alle", "sha256_crypt")):
        yield password, custom_app_context.handler(scheme).using(salt="as.Flask.made.it").hash(password)


def main():
    made = [{"password": password, "hash": hashed} for password, hashed in vectors()]
    text = json.dumps(made, ensure_ascii=True, indent=2) + "\n"
    if "--check" not in sys.argv:
        PATH.write_text(text, encoding="ascii")
        return
    if PATH.read_text(encoding="ascii") != text:
        sys.exit(f"{PATH.name} is not what passlib makes: run this without --check and look at the difference")
    print(f"{len(made)} vectors are what passlib makes")


main()
