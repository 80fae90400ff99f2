"""What the environment may say: parsed strictly, refused in one sentence, secrets never repeated."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import environment
from aggregator.environment import files, values
from aggregator.provider import ConfigurationError

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
SECRETS = {"SECRET_KEY": "s" * 32, "TOKEN_KEYS": KEY}
BASE = Path("/srv/marquee")


def read(**variables: str) -> environment.Environment:
    return environment.read(variables, BASE)


def test_nothing_has_to_be_set() -> None:
    found = read()
    assert found.database is None
    assert not found.debug
    assert not found.demo
    assert found.var_dir == BASE / "var"
    assert found.site_url == "http://localhost:8000"
    assert found.throttle_anon == "600/min"


def test_an_empty_value_counts_as_unset() -> None:
    assert read(PORT="", DATABASE_URL=" ", DEMO="") == read()


def test_the_port_shows_in_the_sites_address() -> None:
    assert read(PORT="8080").site_url == "http://localhost:8080"


def test_a_postgresql_address_is_taken_apart() -> None:
    url = "postgres://us%40er:p%2Fw@db.example:6543/marquee?sslmode=require"
    assert read(DATABASE_URL=url, **SECRETS).database == values.Database(
        "postgresql", "marquee", "db.example", 6543, "us@er", "p/w", {"sslmode": "require"}
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/x.sqlite3", "/srv/marquee/data/x.sqlite3"),
        ("sqlite:////abs/x.sqlite3", "/abs/x.sqlite3"),
    ],
)
def test_a_sqlite_address_is_a_path(url: str, path: str) -> None:
    assert read(DATABASE_URL=url, **SECRETS).database == values.Database("sqlite", path)


WRONG = [
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "mysql://u:hunter2@h/db"),
    ("DATABASE_URL", "postgres://u:hunter2@h"),
    ("DATABASE_URL", "postgres://u:hunter2@h/"),
    ("DATABASE_URL", "postgres://u:hunter2@h/a/b"),
    ("DATABASE_URL", "postgres://u:hunter2@h:port/db"),
    ("DATABASE_URL", "postgres://u:hunter2@h:99999/db"),
    ("DATABASE_URL", "postgres://u:hunter2@[h/db"),
    ("DATABASE_URL", "postgres://u:hunter2@h/db?x=y"),
    ("DATABASE_URL", "postgres://u:hunter 2@h/db"),
    ("DATABASE_URL", "sqlite://x.sqlite3"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "redis://:hunter2@/0"),
    ("REDIS_URL", "redis://:hunter2@h/zero"),
    ("SECRET_KEY", "hunter2"),
    ("TOKEN_KEYS", "hunter2"),
    ("TOKEN_KEYS", f"{KEY},hunter2"),
    ("TOKEN_KEYS", base64.urlsafe_b64encode(b"k" * 16).decode()),
    ("DEBUG", "perhaps"),
    ("DEMO", "2"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "-1"),
    ("PORT", "８０００"),
    ("SITE_URL", "events.example"),
    ("SITE_URL", "ftp://events.example"),
    ("SITE_URL", "https://events.example/path"),
    ("SITE_URL", "https://u:hunter2@events.example"),
    ("ALLOWED_HOSTS", "https://events.example"),
    ("ALLOWED_HOSTS", "events.example:8000"),
    ("CSRF_TRUSTED_ORIGINS", "events.example"),
    ("TRUSTED_PROXIES", "proxy"),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("EMAIL_URL", "mail.example"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://user@mail.example"),
    ("EMAIL_URL", "file://relative"),
    ("DEFAULT_FROM_EMAIL", "nobody"),
    ("OPERATOR_EMAIL", "a@b@c"),
    ("THROTTLE_ANON", "many"),
    ("THROTTLE_ANON", "0/min"),
    ("THROTTLE_ANON", "600/fortnight"),
    ("MAP_TILES_URL", "https://tiles.example/"),
    ("MAP_TILES_URL", "tiles/{z}/{x}/{y}"),
    ("IMAGE_DISK_MB", "49"),
    ("IMAGE_DISK_MB", "much"),
]


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name_without_repeating_it(variable: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(**{**SECRETS, variable: value})
    assert caught.value.variable == variable
    assert "hunter" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_variable_that_can_be_wrong_has_a_wrong_value_above() -> None:
    assert {variable for variable, _ in WRONG} == environment.names() - {"VAR_DIR", "ENV_FILE"}


@pytest.mark.parametrize("variable", ["SECRET_KEY", "TOKEN_KEYS"])
def test_a_database_of_ones_own_requires_secrets_of_ones_own(variable: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{variable}: this is required"):
        read(**{**SECRETS, "DATABASE_URL": "postgres://h/db", variable: ""})


@pytest.mark.parametrize("name", ["marquee_demo", "Demo", "mydemodb"])
def test_the_demo_takes_a_database_that_is_called_so(name: str) -> None:
    assert read(DATABASE_URL=f"postgres://h/{name}", DEMO="1", **SECRETS).demo


@pytest.mark.parametrize("url", ["postgres://h/marquee", "sqlite:////demo/marquee.sqlite3"])
def test_the_demo_refuses_any_other_database(url: str) -> None:
    with pytest.raises(ConfigurationError, match="^DEMO: "):
        read(DATABASE_URL=url, DEMO="1", **SECRETS)


def test_real_data_does_not_go_into_the_demos_database() -> None:
    with pytest.raises(ConfigurationError, match="^DATABASE_URL: "):
        read(DATABASE_URL="postgres://h/marquee_demo", **SECRETS)
    assert read(DATABASE_URL="postgres://h/democracy", **SECRETS).database


def test_the_demo_is_not_throttled_unless_told_so() -> None:
    assert read(DEMO="1").throttle_anon == ""
    assert read(DEMO="1", THROTTLE_ANON="5/s").throttle_anon == "5/s"


def test_the_sites_own_host_is_always_allowed() -> None:
    found = read(SITE_URL="https://events.example:8443/", ALLOWED_HOSTS="www.events.example, .cdn.example")
    assert found.allowed_hosts[:3] == ("www.events.example", ".cdn.example", "events.example")
    assert found.site_url == "https://events.example:8443"


def test_proxies_are_addresses_and_networks() -> None:
    found = read(TRUSTED_PROXIES="127.0.0.1 10.0.0.0/8,::1").trusted_proxies
    assert found == (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1"))


@pytest.mark.parametrize(
    ("url", "email"),
    [
        ("console:", values.Email("console")),
        ("file:///var/mail", values.Email("file", path="/var/mail")),
        ("smtp://localhost", values.Email("smtp", host="localhost", port=25)),
        (
            "smtp+tls://u%40x:p@mail.example",
            values.Email("smtp", host="mail.example", port=587, user="u@x", password="p", use_tls=True),
        ),
        ("smtps://mail.example:4650", values.Email("smtp", host="mail.example", port=4650, use_ssl=True)),
    ],
)
def test_mail_leaves_in_five_ways(url: str, email: values.Email) -> None:
    assert read(EMAIL_URL=url).email == email


def test_no_secret_shows_when_the_environment_is_printed() -> None:
    found = read(
        SECRET_KEY="hunter2" * 6,
        TOKEN_KEYS=KEY,
        DATABASE_URL="postgres://u:hunter2@h/db",
        REDIS_URL="redis://:hunter2@h/0",
        EMAIL_URL="smtp://u:hunter2@h",
    )
    assert "hunter2" not in repr(found)
    assert KEY not in repr(found)


@given(st.sampled_from(sorted(environment.names())), st.text())
def test_no_text_whatever_does_anything_but_pass_or_be_refused_in_one_line(name: str, text: str) -> None:
    refusals = []
    try:
        read(**{**SECRETS, name: text})
    except ConfigurationError as problem:
        refusals.append(str(problem))
    assert not any("\n" in refusal for refusal in refusals)


# The .env file ----------------------------------------------------------------------------------------------


def test_an_env_file_holds_pairs_quotes_and_comments() -> None:
    text = """
    # a comment
    PLAIN=value # trailing
    export EXPORTED=yes
    QUOTED="a # b"  # trailing
    SINGLE='$x "y"'
    HASH=a#b
    EMPTY=
    SPACED = around
    URL=postgres://u:p@h/db?x=1
    """
    assert files.parse_env_file(text) == {
        "PLAIN": "value",
        "EXPORTED": "yes",
        "QUOTED": "a # b",
        "SINGLE": '$x "y"',
        "HASH": "a#b",
        "EMPTY": "",
        "SPACED": "around",
        "URL": "postgres://u:p@h/db?x=1",
    }


@pytest.mark.parametrize("line", ["no pair", "1BAD=x", 'OPEN="never closed', "'x'=y"])
def test_a_broken_line_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(ConfigurationError, match="^ENV_FILE: line 2 "):
        files.parse_env_file(f"GOOD=1\n{line}\n")


def test_the_real_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\nDEBUG=1\n", encoding="utf-8")
    assert files.load_env_file({"PORT": "2"}, tmp_path) == {"PORT": "2", "DEBUG": "1"}


def test_no_file_is_needed_unless_one_is_named(tmp_path: Path) -> None:
    assert files.load_env_file({"A": "b"}, tmp_path) == {"A": "b"}
    with pytest.raises(ConfigurationError, match="^ENV_FILE: there is no such file"):
        files.load_env_file({"ENV_FILE": "other"}, tmp_path)


def test_an_empty_name_reads_no_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1\n", encoding="utf-8")
    assert "PORT" not in files.load_env_file({"ENV_FILE": ""}, tmp_path)


# Secrets that are made once ---------------------------------------------------------------------------------


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = files.kept_secret(path, files.new_secret_key)
    assert files.kept_secret(path, files.new_secret_key) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in tmp_path.iterdir()] == ["key"]


def test_many_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(lambda _: files.kept_secret(tmp_path / "key", files.new_token_key), range(64)))
    assert len(set(made)) == 1


def test_a_lost_secret_is_said_and_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("", encoding="ascii")
    with pytest.raises(ConfigurationError, match="^VAR_DIR: the secret key in it is empty"):
        files.kept_secret(tmp_path / "key", files.new_secret_key)


def test_a_made_token_key_is_one_that_the_environment_would_accept() -> None:
    assert values.parse_token_keys((files.new_token_key(),), required=True)
