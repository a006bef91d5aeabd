from pathlib import Path

import pytest

from seldesk.layers import SettingsError
from seldesk.settings import Settings

PRODUCTION = """
base = "desk.example"
files_base = "desk-files.example"
ops_base = "desk-ops.example"
stores = ["s3://a", "/srv/b"]
[smtp_out]
host = "relay.example"
"""


def load(path: Path | None = None, /, **variables: str) -> Settings:
    return Settings.load(path, {f"SELDESK_{name}": value for name, value in variables.items()})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seldesk.toml"
    path.write_text(PRODUCTION)
    return path


def test_without_a_word_it_is_one_machine_for_development() -> None:
    settings = load()
    assert settings.development
    assert settings.database.embedded
    assert settings.url("acme.localhost") == "http://acme.localhost:8080"
    assert (settings.files_base, settings.ops_base) == ("files.localhost", "ops.localhost")


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(file: Path) -> None:
    settings = load(file, BASE="tickets.example", SMTP_OUT__PORT="25")
    assert settings.base == "tickets.example"
    assert settings.smtp_out.host == "relay.example"
    assert settings.smtp_out.port == 25
    assert settings.smtp_out.tls == "starttls"


def test_the_file_may_be_named_by_the_environment(file: Path) -> None:
    assert load(CONFIG=str(file)).base == "desk.example"


def test_in_production_addresses_are_https_and_have_no_port(file: Path) -> None:
    settings = load(file)
    assert not settings.development
    assert settings.url("acme.desk.example") == "https://acme.desk.example"


def test_paths_lie_below_home_unless_they_are_absolute(tmp_path: Path) -> None:
    settings = load(HOME=str(tmp_path), STORES='["one", "/two"]', KEY_STORES='["s3://three"]')
    assert settings.stores == (str(tmp_path / "one"), "/two")
    assert settings.key_stores == ("s3://three",)
    assert settings.secrets.folder == tmp_path / "secrets"
    assert settings.smtp_out.folder == tmp_path / "mail_out"


def test_home_is_absolute_however_it_was_said() -> None:
    assert load(HOME="here").home == Path("here").absolute()


def test_variables_without_the_prefix_are_not_ours() -> None:
    assert Settings.load(None, {"PORT": "1", "HOME": "/nowhere", "seldesk_port": "2"}).port == 8080


def test_secrets_do_not_show() -> None:
    settings = load(SMTP_OUT__PASSWORD="correct horse", SECRETS__CONTENT="battery staple")
    assert "correct horse" not in repr(settings)
    assert "battery staple" not in str(settings)
    assert settings.smtp_out.password.get_secret_value() == "correct horse"


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        load().port = 1  # type: ignore[misc]  # that is what is refused


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "http"}, "port in the environment: Expected `int`, got `str`"),
        ({"PORT": "70000"}, "port in the environment: Expected `int` <= 65535"),
        ({"POTR": "80"}, "potr in the environment: There is no such setting"),
        ({"SMTP_IN__PROT": "25"}, "smtp_in.prot in the environment: There is no such setting"),
        ({"SMTP_IN": "x", "SMTP_IN__PORT": "25"}, "smtp_in in the environment is a table"),
        ({"SMTP_IN": "x"}, "smtp_in in the environment: Expected a table"),
        ({"STORES": "[a"}, "SELDESK_STORES in the environment is not a list in JSON"),
        ({"STORES": "[]"}, "stores in the environment: Expected `array` of length >= 1"),
        ({"STORES": '["a", "b", "c"]'}, "stores in the environment: Expected `array` of length <= 2"),
        ({"STORES": '["/a"]', "KEY_STORES": '["/a"]'}, "must be different places"),
        ({"BASE": "Desk Example"}, "base in the environment: Expected `str` matching"),
        ({"LISTEN": "0.0.0.0"}, "base is localhost, so listen must be a loopback address"),
        ({"BASE": "desk.example"}, "smtp_out.host must name a relay"),
        (
            {"SMTP_OUT__HOST": "relay.example", "SMTP_OUT__TLS": "none"},
            "relay.example is not on this machine",
        ),
        (
            {"SMTP_OUT__TLS": "ssl"},
            "smtp_out.tls in the environment: Expected one of starttls, tls, none",
        ),
        ({"DATABASE__CEILING": "0"}, "database.ceiling in the environment: Expected `int` >= 1"),
        ({"CONFIG": "/nowhere/seldesk.toml"}, "/nowhere/seldesk.toml cannot be read: No such file"),
    ],
)
def test_what_is_wrong_is_a_sentence(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, **variables)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("name", ["files_base", "ops_base"])
@pytest.mark.parametrize("value", ["", "desk.example", "x.desk.example", "example"])
def test_files_and_console_stand_on_a_site_of_their_own(file: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be a domain of its own"):
        load(file, **{name.upper(): value})


def test_a_fault_in_a_file_names_the_file(file: Path) -> None:
    file.write_text('[database]\nceiling = "many"\n')
    with pytest.raises(SettingsError, match=r"seldesk\.toml: Expected `int`, got `str`"):
        load(file)


def test_a_file_that_is_not_toml_is_named_with_the_line(file: Path) -> None:
    file.write_text("port = \n")
    with pytest.raises(SettingsError, match=r"seldesk.toml is not valid TOML: .*line 1"):
        load(file)


def test_what_was_said_does_not_show_in_the_error() -> None:
    with pytest.raises(SettingsError) as raised:
        load(SMTP_OUT__TLS="correct horse")
    assert "correct horse" not in str(raised.value)
