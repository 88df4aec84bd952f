"""The promises of any store about accounts, passwords and sessions."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from store_samples import ANNA, BO, NOW, STOCKHOLM, STRANGER

from voice.store.access_faults import IdentityTakenError, UnknownAccountError
from voice.store.accounts_port import Account, Identity, Login, Role
from voice.store.credentials_port import Counted, Credential, Tries
from voice.store.port import UnknownExtensionError
from voice.store.sessions_port import SEEN_EVERY, Limits, SessionId

HASH = "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"
OPERATOR = frozenset({Role.OPERATOR})
OSA = Account(Login("asa"), OPERATOR, NOW, ANNA.extension)
BOSSE = Account(Login("bosse"), frozenset({Role.PERSON}), NOW, BO.extension)
KNOWN = Identity("https://id.example.se", "a1")
NOBODY = Login("nobody")
LIMITS = Limits(longest=timedelta(hours=10), idle=timedelta(hours=1))
ID, OTHER = SessionId("first-of-many"), SessionId("second-of-many")
LATER = NOW + timedelta(minutes=5)


def one_more(tries):
    """Count a wrong try."""
    return Counted(Tries(tries.wrong + 1))


async def told(store):
    """Return what the trail tells of accounts, the first change first."""
    return [
        (each.event, each.subject, each.detail)
        for each in reversed(await store.audit.entries())
        if each.subject
    ]


class AccountPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    async def test_an_account_comes_back_wherever_it_is_asked_for(
        self, store, open_again
    ):
        whole = replace(OSA, identity=KNOWN, roles=frozenset(Role), disabled=True)
        local = replace(BOSSE, created=NOW.astimezone(STOCKHOLM))
        await store.accounts.put(local, NOW, "test")
        await store.accounts.put(whole, NOW, "test")
        async with open_again() as other:
            assert await other.accounts.list() == (whole, BOSSE)
            assert await other.accounts.find(BOSSE.login) == BOSSE
            assert await other.accounts.of(KNOWN) == whole
            assert (await other.accounts.find(BOSSE.login)).created.tzinfo is UTC

    async def test_nobody_has_an_account_that_was_not_given_one(self, store):
        assert await store.accounts.list() == ()
        assert await store.accounts.find(NOBODY) is None
        assert await store.accounts.of(KNOWN) is None
        assert await store.passwords.find(NOBODY) is None
        assert await store.passwords.count(NOBODY, one_more, NOW, "test") is None

    async def test_a_changed_account_keeps_when_it_was_created(self, store):
        await store.accounts.put(OSA, NOW, "test")
        changed = replace(OSA, roles=frozenset({Role.PERSON}), created=LATER)
        await store.accounts.put(changed, LATER, "test")
        found = await store.accounts.find(OSA.login)
        assert found == replace(changed, created=NOW)

    async def test_the_trail_tells_what_each_may_do_and_no_secret(self, store):
        await store.accounts.put(OSA, NOW, "test")
        await store.accounts.put(OSA, LATER, "test")
        await store.passwords.put(OSA.login, HASH, NOW, "test")
        await store.accounts.put(replace(OSA, disabled=True), NOW, "test")
        for _ in range(2):
            await store.accounts.remove(OSA.login, NOW, "test")
        assert await told(store) == [
            ("AccountAdded", "asa", "1234 operator"),
            ("PasswordSet", "asa", ""),
            ("AccountChanged", "asa", "1234 disabled"),
            ("AccountRemoved", "asa", ""),
        ]
        assert HASH not in repr(await store.audit.entries())

    async def test_an_identity_is_not_that_of_two(self, store):
        await store.accounts.put(replace(OSA, identity=KNOWN), NOW, "test")
        with pytest.raises(IdentityTakenError, match="user remove bosse"):
            await store.accounts.put(replace(BOSSE, identity=KNOWN), NOW, "test")
        elsewhere = replace(KNOWN, issuer="https://other.example.se")
        assert await store.accounts.of(elsewhere) is None
        await store.accounts.put(replace(BOSSE, identity=elsewhere), NOW, "test")
        assert (await store.accounts.of(elsewhere)).login == BOSSE.login
        await store.accounts.put(OSA, NOW, "test")
        assert await store.accounts.of(KNOWN) is None

    async def test_an_account_is_of_nobody_who_is_not_listed(self, store):
        with pytest.raises(UnknownExtensionError, match="extension add 9999"):
            await store.accounts.put(replace(OSA, extension=STRANGER), NOW, "test")
        assert await store.accounts.list() == ()

    async def test_who_leaves_the_directory_has_no_page_and_nor_has_who_comes(
        self, store
    ):
        await store.accounts.put(OSA, NOW, "test")
        await store.sessions.begin(ID, OSA.login, "c", NOW)
        await store.directory.remove(ANNA.extension, NOW, "test")
        await store.directory.add(ANNA, NOW, "test")
        assert await store.accounts.find(OSA.login) == replace(OSA, extension=None)
        assert (await store.sessions.find(ID, LIMITS, NOW)).extension is None

    async def test_a_check_sees_the_password_there_is_and_can_stop_another(self, store):
        def refuse(before: Credential | None) -> None:
            seen.append(before and before.hash)
            raise ValueError("no")

        seen: list[str | None] = []
        await store.accounts.put(OSA, NOW, "test")
        await store.passwords.put(OSA.login, HASH, NOW, "test")
        with pytest.raises(ValueError, match="no"):
            await store.passwords.put(OSA.login, "other", NOW, "test", refuse)
        assert seen == [(await store.passwords.find(OSA.login)).hash] == [HASH]

    async def test_a_password_is_kept_replaced_and_gone_with_its_account(
        self, store, open_again
    ):
        await store.accounts.put(OSA, NOW, "test")
        await store.passwords.put(OSA.login, "old", NOW, "test")
        await store.passwords.count(OSA.login, one_more, NOW, "test")
        async with open_again() as other:
            await other.passwords.put(OSA.login, HASH, NOW, "test")
            kept = await store.passwords.find(OSA.login)
            assert kept == Credential(HASH)
            assert HASH not in repr(kept)
            await other.accounts.remove(OSA.login, NOW, "test")
        assert await store.passwords.find(OSA.login) is None
        await store.accounts.put(OSA, NOW, "test")
        assert await store.passwords.find(OSA.login) is None

    async def test_a_password_of_nobody_is_told_what_to_do(self, store):
        with pytest.raises(UnknownAccountError, match="user add nobody --role"):
            await store.passwords.put(NOBODY, HASH, NOW, "test")

    async def test_tries_at_once_are_counted_one_after_the_other(
        self, store, open_again
    ):
        await store.accounts.put(OSA, NOW, "test")
        await store.passwords.put(OSA.login, HASH, NOW, "test")
        async with open_again() as other:
            before = await asyncio.gather(
                *(
                    either.passwords.count(OSA.login, one_more, NOW, "test")
                    for either in (store, other) * 10
                )
            )
        assert sorted(each.tries.wrong for each in before) == list(range(20))
        locked = Tries(5, LATER.astimezone(STOCKHOLM))
        await store.passwords.count(
            OSA.login, lambda _: Counted(locked, "AccountLocked"), NOW, "login"
        )
        kept = await store.passwords.find(OSA.login)
        assert kept == Credential(HASH, Tries(5, LATER))
        assert ("AccountLocked", "asa", "") in await told(store)

    async def test_counting_that_fails_changes_nothing(self, store):
        await store.accounts.put(OSA, NOW, "test")
        await store.passwords.put(OSA.login, HASH, NOW, "test")
        trail = await store.audit.entries()

        def fail(tries):
            raise ZeroDivisionError("counted badly")

        with pytest.raises(ZeroDivisionError):
            await store.passwords.count(OSA.login, fail, NOW, "test")
        assert await store.passwords.find(OSA.login) == Credential(HASH)
        assert await store.audit.entries() == trail

    async def test_the_passwords_of_some_are_found_at_once(self, store):
        for account in (OSA, BOSSE):
            await store.accounts.put(account, NOW, "test")
        await store.passwords.put(OSA.login, HASH, NOW, "test")
        found = await store.passwords.of([BOSSE.login, OSA.login, NOBODY])
        assert found == {OSA.login: Credential(HASH)}
        assert await store.passwords.of([]) == {}


class SessionPromises:
    """A subclass gives `store`, and `open_again` to open the same one once more."""

    @pytest.fixture
    async def began(self, store):
        await store.accounts.put(OSA, NOW, "test")
        return await store.sessions.begin(ID, OSA.login, "s3cret", NOW)

    async def test_a_session_is_found_by_its_id_alone(self, store, began, open_again):
        assert (began.login, began.roles) == (OSA.login, OPERATOR)
        assert (began.extension, began.csrf) == (ANNA.extension, "s3cret")
        assert (began.began, began.seen) == (NOW, NOW)
        assert "s3cret" not in repr(began)
        async with open_again() as other:
            assert await other.sessions.find(ID, LIMITS, NOW) == began
            for wrong in ("", OTHER, ID.upper(), "' OR 1=1 --", "\udcff"):
                assert await other.sessions.find(wrong, LIMITS, NOW) is None

    async def test_a_session_lasts_until_either_limit(self, store, began):
        idle, longest = NOW + LIMITS.idle, NOW + LIMITS.longest
        second = timedelta(seconds=1)
        assert await store.sessions.find(ID, LIMITS, idle - second) == began
        assert await store.sessions.find(ID, LIMITS, idle) is None
        for hour in range(1, 10):
            await store.sessions.touch(ID, NOW + timedelta(hours=hour) - second)
        await store.sessions.touch(ID, longest - second)
        found = await store.sessions.find(ID, LIMITS, longest - second)
        assert found == replace(began, seen=longest - second)
        assert await store.sessions.find(ID, LIMITS, longest) is None

    async def test_what_is_used_is_written_once_a_minute(self, store, began):
        sooner = NOW + SEEN_EVERY - timedelta(seconds=1)
        await store.sessions.touch(ID, sooner)
        assert (await store.sessions.find(ID, LIMITS, sooner)).seen == NOW
        then = NOW + SEEN_EVERY
        await store.sessions.touch(ID, then.astimezone(STOCKHOLM))
        assert (await store.sessions.find(ID, LIMITS, then)).seen == then
        await store.sessions.touch(OTHER, then)
        assert await store.sessions.find(OTHER, LIMITS, then) is None

    async def test_sessions_end_one_by_one_or_all_of_an_account(self, store, began):
        await store.accounts.put(BOSSE, NOW, "test")
        bosses = await store.sessions.begin(OTHER, BOSSE.login, "c", NOW)
        third = SessionId("third")
        await store.sessions.begin(third, OSA.login, "c", NOW)
        for _ in range(2):
            await store.sessions.end(third)
        assert await store.sessions.find(third, LIMITS, NOW) is None
        assert await store.sessions.find(ID, LIMITS, NOW) == began
        for _ in range(2):
            await store.sessions.end_all(OSA.login)
        assert await store.sessions.find(ID, LIMITS, NOW) is None
        assert await store.sessions.find(OTHER, LIMITS, NOW) == bosses

    @pytest.mark.parametrize(
        "change",
        [
            lambda store: store.passwords.put(OSA.login, HASH, NOW, "test"),
            lambda store: store.accounts.remove(OSA.login, NOW, "test"),
            *(
                lambda store, changed=changed: store.accounts.put(changed, NOW, "test")
                for changed in (
                    replace(OSA, roles=frozenset({Role.PERSON})),
                    replace(OSA, extension=BO.extension),
                    replace(OSA, identity=KNOWN),
                    replace(OSA, disabled=True),
                )
            ),
        ],
        ids=["password", "removed", "roles", "extension", "identity", "disabled"],
    )
    async def test_whatever_changes_an_account_ends_its_sessions(
        self, store, began, change
    ):
        await store.accounts.put(BOSSE, NOW, "test")
        await store.sessions.begin(OTHER, BOSSE.login, "c", NOW)
        await change(store)
        assert await store.sessions.find(ID, LIMITS, NOW) is None
        assert await store.sessions.find(OTHER, LIMITS, NOW) is not None

    async def test_an_account_that_stays_as_it_was_keeps_its_sessions(
        self, store, began
    ):
        await store.accounts.put(replace(OSA, created=LATER), LATER, "test")
        assert await store.sessions.find(ID, LIMITS, NOW) == began

    async def test_nobody_begins_a_session_who_may_not_log_in(self, store):
        await store.accounts.put(replace(OSA, disabled=True), NOW, "test")
        for login in (NOBODY, OSA.login):
            with pytest.raises(UnknownAccountError, match="telefonist user add"):
                await store.sessions.begin(ID, login, "c", NOW)
        assert await store.sessions.find(ID, LIMITS, NOW) is None

    async def test_what_is_over_is_swept(self, store, began):
        await store.sessions.begin(OTHER, OSA.login, "c", LATER)
        assert await store.sessions.sweep(LIMITS, LATER) == 0
        assert await store.sessions.sweep(LIMITS, NOW + LIMITS.idle) == 1
        wide = Limits(timedelta(days=9), timedelta(days=9))
        assert await store.sessions.find(ID, wide, LATER) is None
        assert await store.sessions.find(OTHER, wide, LATER) is not None
        short = Limits(timedelta(minutes=1), timedelta(days=9))
        assert await store.sessions.sweep(short, LATER + timedelta(minutes=1)) == 1
        assert await store.sessions.sweep(short, LATER + timedelta(minutes=1)) == 0
