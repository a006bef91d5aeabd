"""The command line. A command is imported when it is asked for, so that each process holds what it needs."""

import os
import sys
from typing import NoReturn

from cyclopts import App

from seldesk.app.command import explained
from seldesk.app.running import end_as_by_interrupt

COMMANDS = {
    "cli.customers:customer": "The organisations that are served.",
    "cli.clusters:cluster": "The PostgreSQL servers that customers' databases lie on.",
    "cli.keys:keys": "What opens the customers' own keys.",
    "cli.backups:backup": "Full backups: made now, listed, read again, restored.",
    "cli.recovering:recover": "Everything anew on an empty cluster, from one store alone.",
    "cli.disclosing:disclose": "What an authority is handed over, once the console has recorded what must be.",
    "cli.cleaning:cleanup": "The clean-up of 1 January and 1 July.",
    "cli.tokens:token": "Keys for programs.",
    "cli.staff:staff": "The operator's own people, who use the console.",
    "cli.serving:serve": "Everything on one machine: web, worker and mail, and provisioner and probe as its children.",
    "cli.pages:web": "Pages and /rpc.",
    "cli.serving:worker": "Outgoing mail and scheduled jobs.",
    "cli.serving:mail": "The receiver of incoming mail.",
    "cli.probing:probe": "Measures each minute whether the service answers. Best on another machine.",
    "cli.serving:provision": "Makes the databases of new customers. The only process that needs the provisioner's key.",
    "cli.installing:migrate": "Bring the control database, the template and every customer's database to this version.",
    "cli.installing:doctor": "Whether everything that Seldesk needs is there and fits together.",
    "demo.command:demo": "Try Seldesk on this machine: everything is started, filled with believable tickets, told.",
}
seldesk = App(name="seldesk", help="A helpdesk that gives every customer a database of its own.")
for place, sentence in COMMANDS.items():
    seldesk.command(f"seldesk.{place}", help=sentence)


def main() -> None:
    """Errors that an operator can mend are a sentence, and exit status 1."""
    end_as_by_interrupt()
    try:
        with explained(fail):
            seldesk()
    except SystemExit as end:
        if end.code != 1:
            raise
    else:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    # At once: a store that does not answer is still being tried in a thread of obstore's, which aborts the process when
    # it wants an interpreter that is ending.
    os._exit(1)


def fail(sentence: str) -> NoReturn:
    seldesk.error_console.print("[bold red]Failed:[/]", end=" ")
    # What it names may have been typed by a customer: none of it is markup.
    seldesk.error_console.print(sentence, markup=False, highlight=False, soft_wrap=True)
    sys.exit(1)
