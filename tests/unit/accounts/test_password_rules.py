"""Passwords that are guessed first are known, good ones are let through."""

from __future__ import annotations

import pytest

from app.features.accounts.services.password_rules import find_weakness
from app.features.accounts.services.passwords import Passwords

COMMON = [
    "password1234",
    "P4ssw0rd1234",
    "Password2024!!",
    "passwordpassword",
    "password-password",
    "letmein12345",
    "welcome12345",
    "commonweave1",
    "Commonweave2026!",
    "iloveyou1234",
    "ilovemyschool",
    "teacherteacher",
    "Sunshine2025!",
    "motdepasse12",
    "contraseña123",
    "пароль123456",
    "lozinka12345",
    "كلمةالسر1234",
    "nenosiri1234",
    "bismillah123",
    "我的密码1234567890",
    "correcthorsebatterystaple",
]
PATTERNS = [
    "123456789012",
    "+49 151 8203 6417",
    "098765432109",
    "qwertyuiop12",
    "azertyuiop12",
    "qwertzuiop12",
    "zyxwvutsrqpo",
    "abcdefghijkl",
    "йцукенгшщзхъ",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "121212121212",
    "111122223333",
    "1q2w3e4r5t6y",
    "我爱你我爱你我爱你我爱你",
    "ابتثجحخدذرزس",
    "!@#$%^&*()!@",
    "🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢🐢",
]
GOOD = (
    "seven-calm-rivers-9",
    "crooked-lantern-umbrella",
    "orangutan teapot 41",
    "maji-mwezi-ndizi-kiti",
    "dX9$kq2LmZ7v",
    "бегемот на крыше 7",
    "نهر-قمر-كرسي-تفاح",
    "河马在屋顶上喝绿茶看书七",
    "गुलाबी हाथी चाय पीता",
    "🐢🌍📚🎻🚲🌻🍋🧭🪁🥁🧵🪴",
    "longriverteacherblue",
)


@pytest.mark.parametrize("password", COMMON)
def test_common_ones_are_refused(password):
    assert "first that are guessed" in str(find_weakness(password))


@pytest.mark.parametrize("password", PATTERNS)
def test_repetitions_and_sequences_are_refused(password):
    assert find_weakness(password) is not None


@pytest.mark.parametrize("password", GOOD)
def test_good_ones_are_taken(password):
    assert find_weakness(password, "amina@example.org") is None


@pytest.mark.parametrize(
    "password", ["amina@example.org", "x-Amina@Example.org-x", "amina.example", "amina1234567", "amina-aminaX"]
)
def test_ones_own_address_is_refused(password):
    assert find_weakness(password, "amina@example.org") is not None


def test_short_and_huge_ones_are_refused_quickly():
    assert "at least 12" in str(find_weakness("eleven-char"))
    assert find_weakness("twelve-chars") is None
    assert "256 characters" in str(find_weakness("x7!q" * 300_000))


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    passwords = Passwords(1, 8)
    stored = passwords.hash("cafe\u0301 crooked lantern")
    assert passwords.verify(stored, "café crooked lantern")
    assert not passwords.verify(stored, "cafe crooked lantern")


@pytest.mark.parametrize("stored", [None, "!", "", "$argon2id$broken"])
def test_where_nothing_is_stored_no_password_is_right(stored):
    passwords = Passwords(1, 8)
    assert not passwords.verify(stored, "")
    assert not passwords.verify(stored, "!")
    assert not passwords.verify(stored, "seven-calm-rivers-9")
