"""Acme sells, rents out and repairs office machines."""

from seldesk.demo.story import Requester, Worker

ANN, BO, IRIS, TARIQ = "ann@acme.example", "bo@acme.example", "iris@acme.example", "tariq@acme.example"

PEOPLE = (
    Worker(BO, "Bo Lind", "owner"),
    Worker(ANN, "Ann Berg"),
    Worker(IRIS, "Iris Sandvik"),
    Worker(TARIQ, "Tariq Haddad"),
)

CLEO = Requester("Cleo Marchmont", "cleo@harbourdental.example")
NIGEL = Requester("Nigel Thackray", "n.thackray@thackray-surveyors.example")
RUTH = Requester("Ruth Adeyemi", "ruth.adeyemi@millbrook-school.example")
OWEN = Requester("Owen Prosser", "owen@prosserandvale.example")
SINEAD = Requester("Sinéad Kilbride", "sinead.kilbride@kilbridetravel.example")
GRETA = Requester("Greta Holloway", "gholloway@fenwick-trust.example")
ARJUN = Requester("Arjun Wadekar", "arjun.wadekar@northgate-clinic.example")
MABEL = Requester("Mabel Ostrander", "office@stbridget-parish.example")
DEV = Requester("Devon Clarke", "devon@clarkeframes.example")
LENA = Requester("Lena Whitcombe", "lena.whitcombe@tidewell-insurance.example")
SAM = Requester("Samuel Okonjo", "s.okonjo@okonjo-architects.example")
HAL = Requester("Hal Brannigan", "hal@brannigan-haulage.example")
POSTMASTER = Requester("Mail Delivery System", "mailer-daemon@mail.fenwick-trust.example")
TEMP = Requester("Jess (temp, front desk)", "reception@harbourdental.example")

SELLER = "Acme Office Machines AB, Norrtull 4, Exempelstad"

SAVED_REPLIES = (
    (
        "Machine does not start",
        "Hello {requester},\n\nplease pull the plug, wait a minute, and plug it in again with nothing else "
        "on that socket. Does it start? Tell me what its display says, or send a picture.\n\n{agent}",
    ),
    (
        "Where is the serial number?",
        "It stands on the plate on the back, and begins with two letters. A picture of the plate is fine.",
    ),
    (
        "Visit of a technician",
        "Hello {requester},\n\nour technician comes on:\n\n- day: \n- between: \n\nSomebody should be there to let "
        "him in. Please name #{number} if you call us about it.\n\n{agent}",
    ),
)
