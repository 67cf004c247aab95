"""Commands on people: accounts, and the log of what everybody has done."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from analyzer.cli.terminal import Database, JsonFile, write_json
from analyzer.errors import UsageError

FAULTS = {
    "missing": "rad {row} saknas",
    "unlinked": "rad {row} följer inte på raden före",
    "edited": "rad {row} är ändrad",
    "cut": "rad {row} stämmer inte med antalet rader som har skrivits",
    "unknown": "ingen rad har den angivna kontrollsumman",
}

Name = Annotated[str, typer.Argument(metavar="NAMN", help="Kontots namn.", show_default=False)]
Role = Annotated[str, typer.Argument(metavar="ROLL", help="läsare, granskare, strateg eller administratör.")]

users = typer.Typer(no_args_is_help=True, help="Konton: lägg till, visa, byt roll och lösenord, stäng.")
audit = typer.Typer(no_args_is_help=True, help="Loggen över vad alla har gjort: visa och kontrollera.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    users.command(epilog="Exempel:  styrsignal users add anna.berg --role granskare")(add)
    users.command("list", epilog="Exempel:  styrsignal users list")(list_accounts)
    users.command(epilog="Exempel:  styrsignal users role anna.berg strateg")(role)
    users.command(epilog="Exempel:  styrsignal users disable anna.berg")(disable)
    users.command(epilog="Exempel:  styrsignal users password anna.berg")(password)
    audit.command("list", epilog="Exempel:  styrsignal audit list --person anna --since 2026-11-01")(list_acts)
    audit.command(epilog="Exempel:  styrsignal audit check --expect KONTROLLSUMMA")(check)
    app.add_typer(users, name="users")
    app.add_typer(audit, name="audit")


def read_password() -> str:
    """A password from the terminal, typed twice, or from the first line of a pipe. Never from the command's arguments:
    those are seen by everybody on the machine.

    Raises:
        UsageError: the two are not equal, or there is none.
    """
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise UsageError("Inget lösenord kom på standard in; skriv det på första raden eller kör i en terminal.")
        return given
    given = getpass.getpass("Lösenord: ")
    if getpass.getpass("En gång till: ") != given:
        raise UsageError("Lösenorden är inte lika; kör kommandot igen.")
    return given


def add(
    name: Name,
    role_name: Annotated[str, typer.Option("--role", metavar="ROLL", help="Kontots roll, t.ex. granskare.")],
    db: Database = None,
) -> None:
    """Lägg till ett konto. Lösenordet frågas efter, eller läses från standard in."""
    from analyzer.accounts.audit import append_audit, system_user
    from analyzer.accounts.roles import ROLE_NAMES, read_role
    from analyzer.accounts.users import add_user
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    code = read_role(role_name)
    sessions = open_database(db or load_settings().database)
    given = read_password()
    with sessions.begin() as session:
        user = add_user(session, name, code, given)
        append_audit(session, system_user(), "user_added", user.name, role=code)
    typer.echo(f"{user.name} är tillagd som {ROLE_NAMES[code]}")


def list_accounts(db: Database = None, json_file: JsonFile = None) -> None:
    """Visa alla konton med roll och läge."""
    from analyzer.accounts.roles import ROLE_NAMES
    from analyzer.accounts.users import list_users
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    with open_database(db or load_settings().database)() as session:
        found = list_users(session)
    if json_file:
        write_json(json_file, [{"name": one.name, "role": one.role, "disabled": one.disabled} for one in found])
        return
    for user in found:
        typer.echo(f"{user.name}\t{ROLE_NAMES[user.role]}\t{'stängt' if user.disabled else 'öppet'}")
    if not found:
        typer.echo("Det finns inga konton; lägg till det första med styrsignal users add NAMN --role administratör")


def role(name: Name, role_name: Role, db: Database = None) -> None:
    """Ge ett konto en annan roll. Personen får logga in på nytt."""
    from analyzer.accounts.audit import append_audit, system_user
    from analyzer.accounts.roles import ROLE_NAMES, read_role
    from analyzer.accounts.users import set_role
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    code = read_role(role_name)
    with open_database(db or load_settings().database).begin() as session:
        user = set_role(session, name, code)
        append_audit(session, system_user(), "role_changed", user.name, role=code)
    typer.echo(f"{user.name} är nu {ROLE_NAMES[code]}")


def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Öppna kontot igen.")] = False,
    db: Database = None,
) -> None:
    """Stäng ett konto: ingen kommer in med det. Besluten som det har fattat står kvar."""
    from analyzer.accounts.audit import append_audit, system_user
    from analyzer.accounts.users import set_disabled
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    with open_database(db or load_settings().database).begin() as session:
        user = set_disabled(session, name, not undo)
        append_audit(session, system_user(), "user_opened" if undo else "user_shut", user.name)
    typer.echo(f"{user.name} är {'öppet igen' if undo else 'stängt'}")


def password(name: Name, db: Database = None) -> None:
    """Ge ett konto ett nytt lösenord, som frågas efter eller läses från standard in."""
    from analyzer.accounts.audit import append_audit, system_user
    from analyzer.accounts.users import set_password
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    sessions = open_database(db or load_settings().database)
    given = read_password()
    with sessions.begin() as session:
        user = set_password(session, name, given)
        append_audit(session, system_user(), "password_changed", user.name)
    typer.echo(f"{user.name} har ett nytt lösenord")


def list_acts(
    db: Database = None,
    person: Annotated[str, typer.Option(metavar="NAMN", help="Bara vad den personen har gjort.")] = "",
    act: Annotated[str, typer.Option(metavar="SLAG", help="Bara det slaget, t.ex. login_failed eller decision.")] = "",
    since: Annotated[str, typer.Option(metavar="ÅÅÅÅ-MM-DD", help="Från och med den dagen (UTC).")] = "",
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="Så många rader, de senaste.")] = 200,
    json_file: JsonFile = None,
) -> None:
    """Visa loggen, äldst först: när (UTC), vem, vad, med vad."""
    from analyzer.accounts.audit import audit_rows
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    with open_database(db or load_settings().database)() as session:
        rows = audit_rows(session, person=person, act=act, since=since, limit=most)[::-1]
    if json_file:
        names = ("id", "at", "person", "act", "object", "details", "previous", "hash")
        write_json(json_file, [{name: getattr(row, name) for name in names} for row in rows])
        return
    for row in rows:
        typer.echo(f"{row.id}\t{row.at[:19]}\t{row.person}\t{row.act}\t{row.object}\t{row.details}")


def check(
    db: Database = None,
    expect: Annotated[str, typer.Option(metavar="SUMMA", help="En kontrollsumma som skrivits upp tidigare.")] = "",
) -> None:
    """Kontrollera att ingen rad i loggen är ändrad eller borta. Skriv upp summan på annat håll, till nästa gång."""
    from analyzer.accounts.audit import check_audit
    from analyzer.settings import load_settings
    from analyzer.store.database import open_database

    with open_database(db or load_settings().database)() as session:
        state = check_audit(session, expect.strip().lower())
    if state.fault:
        raise UsageError(
            f"Loggen är inte hel: {FAULTS[state.fault].format(row=state.broken)}; {state.rows} rader före är hela. "
            "Jämför med en säkerhetskopia."
        )
    typer.echo(f"Loggen är hel: {state.rows} rader, kontrollsumma {state.last_hash}")
