"""Initech is a small shop for stationery and desk things that sends parcels all over Europe."""

from seldesk.demo.story import Requester, Worker

GIULIA, DARA, TOMEK = "giulia@initech.example", "dara@initech.example", "tomek@initech.example"

PEOPLE = (
    Worker(GIULIA, "Giulia Ferrante", "owner"),
    Worker(DARA, "Dara Quinlan"),
    Worker(TOMEK, "Tomek Zawada"),
)

MAEVE = Requester("Maeve Corrigan", "maeve.corrigan@postbag.example")
JOEL = Requester("Joel Abernethy", "joel_abernethy@quickmail.example")
PRUNELLA = Requester("Prunella Whitlock", "p.whitlock@oldrectory.example")
HASSAN = Requester("Hassan El-Amin", "hassan@elamin-design.example")
TILDA = Requester("Tilda Roscoe", "tilda.roscoe@quickmail.example")
BRAM = Requester("Bram Oyelaran", "bram.oyelaran@fernhill-academy.example")
WANDA = Requester("Wanda Pickering", "wandapickering@postbag.example")
CONOR = Requester("Conor Mulvaney", "conor@mulvaney-letterpress.example")
ISLA = Requester("Isla Drummond", "isla.drummond@highlandpens.example")
GUS = Requester("Gus", "gus.t.84@quickmail.example")
HOPPER = Requester("Hopper Express Depot 12", "depot12@hopper-express.example")
LYDIA = Requester("Lydia Frome", "lydia.frome@hopper-express.example")
SHREYA = Requester("Shreya Banerji", "shreya.banerji@postbag.example")
ARCHIE = Requester("Archie Penhaligon", "archie@penhaligonandson.example")

SHOP = "Initech Stationery Ltd, Unit 4, Quayside"
