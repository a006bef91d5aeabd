"""Globex makes Tally, a program for figures and reports; the desk serves its customers and its own staff."""

from seldesk.demo.story import Requester, Worker

MAAIKE, JONAS, PRIYA, OSKAR = (
    "maaike@globex.example",
    "jonas@globex.example",
    "priya@globex.example",
    "oskar@globex.example",
)

PEOPLE = (
    Worker(MAAIKE, "Maaike Verbruggen", "owner"),
    Worker(JONAS, "Jonas Wendland"),
    Worker(PRIYA, "Priya Nambiar"),
    Worker(OSKAR, "Oskar Lewicki"),
)

DAAN = Requester("Daan Hoekstra", "daan.hoekstra@staff.globex.example")
MEERA = Requester("Meera Pillai", "meera.pillai@staff.globex.example")
CALLUM = Requester("Callum Reid", "callum.reid@staff.globex.example")
SOFIA = Requester("Sofia Lindahl", "sofia.lindahl@staff.globex.example")
YUSUF = Requester("Yusuf Demirel-Cook", "yusuf.demirelcook@staff.globex.example")
BETH = Requester("Beth Arkwright", "beth.arkwright@staff.globex.example")
KWAME = Requester("Kwame Boadi", "kwame.boadi@staff.globex.example")
RENATA = Requester("Renata Vlk", "renata.vlk@staff.globex.example")
TESSA = Requester("Tessa Nakagawa-Bright", "tessa@brightorchards.example")
GIDEON = Requester("Gideon Marsh", "gideon.marsh@marshmillwork.example")
ALICE = Requester("Alice Pemberton", "alice.pemberton@coastline-ferries.example")
RAVI = Requester("Ravi Chandrasekar", "ravi@lumen-analytics.example")
NORA = Requester("Nora Fitzsimon", "nora.fitzsimon@glenmoor-council.example")
ODDVAR = Requester("Oddvar Strand", "oddvar.strand@nordfjordfisk.example")
MONITOR = Requester("Status monitor", "monitor@lumen-analytics.example")
