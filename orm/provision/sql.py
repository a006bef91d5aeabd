def identifier(name: str) -> str:
    """A name as PostgreSQL reads it, whatever is in it."""
    if not name or "\0" in name or len(name.encode()) > 63:
        raise ValueError(f"not a name of PostgreSQL: {name!r}")
    return '"' + name.replace('"', '""') + '"'


def quoted(table: str) -> str:
    """A table's full name, schema.table."""
    return ".".join(identifier(part) for part in table.split("."))


def literal(text: str) -> str:
    """A text constant, for statements that take no parameters."""
    if "\0" in text:
        raise ValueError("PostgreSQL stores no NUL")
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted
