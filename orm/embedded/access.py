CUSTOMER = r"^c_[a-z0-9_]+$"
CUSTOMER_READER = r"^ro_c_[a-z0-9_]+$"
MAKER = r"^seldesk_provisioner_[0-9]+$"


def access_rules(*, same_user: bool = True, superuser: str = "postgres") -> str:
    """The text of pg_hba.conf: who may try to sign in to which database, over loopback, by SCRAM.

    `same_user` lets a customer's role try only the database of its own name; without it the
    privileges of each database decide alone. A reader's role and its database have different names,
    so there they always do.
    """
    own = "sameuser" if same_user else "all"
    lines = [
        ("all", superuser),
        ("seldesk_control", "seldesk_control"),
        ("postgres", "seldesk_provisioner"),
        (f'postgres,"/{CUSTOMER}"', f'"/{MAKER}"'),
        (f'seldesk_control,"/{CUSTOMER}"', "seldesk_backup"),
        (own, f'"/{CUSTOMER}"'),
        ("all", f'"/{CUSTOMER_READER}"'),
    ]
    return "".join(
        f"host {database} {role} {address} scram-sha-256\n"
        for database, role in lines
        for address in ("127.0.0.1/32", "::1/128")
    )
