"""What people wrote to Initech in other languages."""

from seldesk.demo.documents import invoice, letter, table
from seldesk.demo.initech import DARA, GIULIA, TOMEK
from seldesk.demo.pictures import (
    BOARD,
    MUSTARD,
    PALE,
    RED,
    WHITE,
    closeup,
    label,
    logo,
    parcel,
    screen,
    things,
)
from seldesk.demo.story import Requester, mail, note, reply, story, take, turn

ANKE = Requester("Anke Lüdersen", "anke.luedersen@briefkasten.example", "de")
MORITZ = Requester("Moritz Zeidelmann", "moritz@zeidelmann-architektur.example", "de")
SYLVIE = Requester("Sylvie Maupertuis", "sylvie.maupertuis@courriel.example", "fr")
GAEL = Requester("Gaël Kermadec", "gael@librairie-kermadec.example", "fr")
MARTA = Requester("Marta Ibarrola", "marta.ibarrola@buzon.example", "es")
NACHO = Requester("Ignacio Verdasco Luna", "nacho@papelerialuna.example", "es")
FEDERICA = Requester("Federica Zanolin", "federica.zanolin@cassetta.example", "it")
DONATO = Requester("Donato Scarpellini", "info@cartoleria-scarpellini.example", "it")
LOTTE = Requester("Lotte Wagenvoort", "lotte.wagenvoort@brievenbus.example", "nl")
BARTEK = Requester("Bartosz Mielżyński", "bartek.mielzynski@skrzynka.example", "pl")
HALINA = Requester("Halina Grot", "h.grot@papiernia-grot.example", "pl")
BEATRIZ = Requester("Beatriz Carvalhosa", "bia.carvalhosa@caixa.example", "pt")
AIKO = Requester("藤沢 愛子", "aiko.fujisawa@yubin.example", "ja")
MERT = Requester("Mert Özkırım", "mert.ozkirim@posta-kutusu.example", "tr")

SHOP = "Initech Stationery Ltd, Unit 4, Quayside"

TICKETS = (
    story(
        ANKE,
        "Bestellung IN-70418 - falsche Tintenfarbe",
        mail(
            """
            Hallo liebes Team,

            statt Sepia habe ich Schwarz bekommen. Karton und Rechnung sagen beide Sepia, die Flasche nicht
            :-) Was machen wir da?

            Liebe Grüße
            Anke Lüdersen
            """,
            files=(label("flasche.png", "TINTE SCHWARZ", "BESTELLT: SEPIA"),),
        ),
        take(GIULIA, 1, "wrong-item"),
        reply(
            GIULIA,
            0.4,
            """
            Hallo Frau Lüdersen, das Schwarz dürfen Sie behalten, Sepia geht heute raus. Entschuldigung für
            das Durcheinander!
            """,
            "solved",
        ),
        mail("Das ging ja flott, Sepia ist da. Danke auch für das Löschpapier!", 72, quoting=True),
        turn(GIULIA, 1, "solved"),
    ),
    story(
        ANKE,
        "Paket beim Nachbarn, aber bei welchem?",
        mail(
            """
            Auf der Karte steht nur "Nachbar". Ich wohne in einem Haus mit 34 Parteien... Sendung HX-4471650.

            Anke Lüdersen
            """
        ),
        take(TOMEK, 0.6, "delivery", "courier"),
        note(TOMEK, 0.5, "Fahrer erinnert sich: Erdgeschoss rechts, Hund."),
        reply(TOMEK, 0.1, "Erdgeschoss rechts, da wo der Hund bellt, sagt der Fahrer. Gutes Gelingen!", "solved"),
        mail("Gefunden, der Hund heißt Bruno.", 2),
        turn(TOMEK, 0.5, "solved"),
    ),
    story(
        MORITZ,
        "Rechnung mit Leistungsdatum",
        mail(
            """
            Guten Tag, unser Finanzamt möchte auf der Rechnung IN-70360 ein Leistungsdatum sehen. Bitte
            ergänzen.

            M. Zeidelmann
            """
        ),
        take(GIULIA, 2, "billing"),
        reply(
            GIULIA,
            0.5,
            "Guten Tag, anbei mit Leistungsdatum. Künftig steht es immer drauf.",
            "solved",
            files=(
                invoice(
                    "IN-70360",
                    SHOP,
                    "Zeidelmann Architektur",
                    ("Transparentpapier, Rolle", 12, "9.80"),
                    ("Fineliner 0.1", 24, "1.90"),
                ),
            ),
        ),
        turn(GIULIA, 170, "closed"),
    ),
    story(
        MORITZ,
        "Skizzenrollen: 5 cm zu schmal",
        mail(
            """
            Bestellt 62 cm, geliefert 57 cm. Passt nicht auf unsere Halter. 12 Rollen, eine ist schon
            angeschnitten. Tausch möglich?

            M. Zeidelmann
            """,
            files=(things("rolle.png", PALE),),
        ),
        take(TOMEK, 1, "wrong-item", "return"),
        reply(
            TOMEK,
            0.6,
            """
            Natürlich, auch mit der angeschnittenen. Der Kurier bringt morgen die richtigen und nimmt die
            anderen mit. Ist bis 16 Uhr jemand da?
            """,
        ),
        mail("Ja, immer jemand da. Besten Dank.", 1, quoting=True),
        reply(TOMEK, 26, "Laut Kurier getauscht. Passen sie?", "waiting"),
        days=(4, 9),
    ),
    story(
        SYLVIE,
        "Colis ouvert à la livraison",
        mail(
            """
            Bonjour,

            mon colis IN-70404 est arrivé ouvert et recollé avec un ruban qui n'est pas le vôtre. Il manque le
            taille-crayon en laiton. Photo jointe.

            Bien cordialement
            Sylvie Maupertuis
            """,
            files=(parcel("colis.png", 72),),
        ),
        take(DARA, 0.8, "damage", "courier"),
        note(
            TOMEK,
            1,
            """
            Depot 12 re-taped it, content list says 'sharpener loose, put aside'. They found it. Sending ours
            anyway.
            """,
        ),
        reply(
            DARA,
            0.3,
            """
            Bonjour Madame, le transporteur l'a perdu en route. Un autre taille-crayon part ce soir ; nous
            réglons le reste avec eux.
            """,
        ),
        mail("Reçu ce matin, merci pour votre réactivité.", 66),
        turn(DARA, 1, "solved"),
    ),
    story(
        SYLVIE,
        "Peut-on payer par virement ?",
        mail(
            """
            Bonjour, ma carte est en cours de renouvellement. Acceptez-vous les virements pour une petite
            commande ?

            Sylvie M.
            """
        ),
        take(GIULIA, 2, "shop", "how-to"),
        reply(
            GIULIA,
            0.3,
            "Bonjour, oui : choisissez « virement » à la dernière étape, nous expédions dès réception.",
            "solved",
        ),
    ),
    story(
        GAEL,
        "Réassort carnets pour la librairie",
        mail(
            """
            Bonjour, 40 carnets lignés et 20 pointés comme d'habitude, livraison avant samedi si possible
            (fête du livre !).

            Gaël
            """,
            files=(table("reassort.csv", "ref;qte", "CL-A5;40", "CP-A5;20"),),
        ),
        take(TOMEK, 1, "business"),
        reply(
            TOMEK,
            0.5,
            "Bonjour Gaël, c'est parti ce soir, jeudi chez vous. J'ai ajouté cinq marque-pages à offrir.",
            "solved",
        ),
        mail("Tout est là, belle fête en perspective !", 46, quoting=True),
        turn(TOMEK, 1, "solved"),
    ),
    story(
        GAEL,
        "Avoir non déduit",
        mail(
            """
            Bonjour, l'avoir A-212 (18,40) n'apparaît pas sur la dernière facture. Pouvez-vous regarder ? Gaël
            Kermadec
            """,
            files=(
                invoice(
                    "IN-70427",
                    SHOP,
                    "Librairie Kermadec",
                    ("Carnet A5 ligne", 40, "4.10"),
                    ("Carnet A5 pointe", 20, "4.10"),
                    days=5,
                ),
            ),
        ),
        take(GIULIA, 3, "billing"),
        reply(
            GIULIA,
            1,
            """
            Bonjour Gaël, oubli de ma part. Préférez-vous un remboursement ou une déduction sur la prochaine
            facture ?
            """,
        ),
    ),
    story(
        MARTA,
        "No me llega el correo de confirmación",
        mail(
            """
            Hola, hice un pedido ayer y no tengo ni correo ni número. El banco sí me cobró, claro. ¿Me lo
            pueden mirar?

            Marta
            """
        ),
        take(DARA, 0.7, "shop"),
        note(DARA, 0.2, "Typo in her address at checkout (buzn.example). Corrected, sent again."),
        reply(
            DARA,
            0.1,
            "Hola, Marta: faltaba una «o» en tu dirección. Ya está corregida y el pedido IN-70436 sale hoy.",
            "solved",
        ),
        mail("jaja culpa mía. ¡Gracias!", 0.5),
        turn(DARA, 0.5, "solved"),
        days=(20, 30),
    ),
    story(
        MARTA,
        "Agenda empieza en domingo",
        mail(
            """
            La agenda que compré empieza la semana en domingo y me vuelvo loca. ¿La hay con lunes? La cambio
            encantada.
            """,
            files=(screen("semana.png", "SEMANA 1", "DO LU MA MI JU VI SA"),),
        ),
        take(DARA, 2, "return"),
        reply(
            DARA,
            0.4,
            "La hay, y la etiqueta para devolver la otra va adjunta.",
            files=(label("devolucion.png", "R-IN-70436", "TO: INITECH"),),
        ),
        mail("Enviada. La de lunes es perfecta.", 95),
        turn(DARA, 2, "solved"),
        days=(9, 15),
    ),
    story(
        NACHO,
        "Alta como distribuidor",
        mail(
            """
            Buenas tardes:

            Tenemos una papelería con 40 años de historia en el casco viejo y nos gustaría vender sus
            cuadernos. ¿Qué condiciones ofrecen a tiendas y cuál es el pedido mínimo?

            Un cordial saludo
            Ignacio Verdasco
            Papelería Luna
            """,
            rich=True,
            inline=(logo("luna.png", "LUNA", RED),),
        ),
        take(GIULIA, 4, "business"),
        reply(
            GIULIA,
            3,
            """
            Buenas tardes, Ignacio: sería un placer. 40 % de margen, mínimo 120, portes a medias la primera
            vez. Lista de precios adjunta.
            """,
            files=(
                letter(
                    "precios-tiendas.pdf",
                    "Precios para tiendas",
                    "Cuaderno A5: 4,10",
                    "Cuaderno A6: 2,90",
                    "Tinta 30 ml: 5,20",
                ),
            ),
        ),
        mail("Muy bien, preparo un primer pedido esta semana.", 47, quoting=True),
        reply(GIULIA, 1, "Perfecto, aquí estoy para lo que haga falta."),
        days=(6, 11),
    ),
    story(
        FEDERICA,
        "Buono regalo scaduto di un giorno",
        mail(
            """
            Buongiorno, il mio buono da 25 euro è scaduto ieri... potete chiudere un occhio? Era della nonna.

            Federica
            """
        ),
        take(DARA, 1, "shop"),
        note(GIULIA, 0.5, "Certo. Regola: un mese di tolleranza, sempre."),
        reply(
            DARA,
            0.2,
            "Buongiorno Federica, per la nonna tutti e due gli occhi. Vale di nuovo un mese, stesso codice.",
            "solved",
        ),
        mail("Grazie di cuore, anche da parte sua!", 3, quoting=True),
        turn(DARA, 1, "solved"),
    ),
    story(
        FEDERICA,
        "Quanto ci mette per le isole?",
        mail("Salve, spedite anche a Lipari e in quanti giorni? Parto fra due settimane. Federica Z."),
        take(TOMEK, 3, "delivery", "how-to"),
        reply(
            TOMEK,
            0.5,
            "Salve, sì: da cinque a sette giorni lavorativi, ordinando entro lunedì arriva prima di Lei.",
            "solved",
        ),
    ),
    story(
        DONATO,
        "Fattura doppia IN-70388",
        mail(
            """
            Buongiorno, ho ricevuto due fatture uguali per lo stesso ordine, una con il nome sbagliato. Quale
            devo pagare?

            Cartoleria Scarpellini
            """,
            files=(invoice("IN-70388", SHOP, "Cartoleria Scarpelini", ("Penna stilografica ottone", 6, "28.00")),),
        ),
        take(GIULIA, 1, "billing"),
        reply(
            GIULIA,
            0.5,
            "Buongiorno, valga quella con il nome giusto; l'altra è annullata. Ci scusiamo.",
            "solved",
        ),
        turn(GIULIA, 190, "closed"),
    ),
    story(
        DONATO,
        "Espositore arrivato senza viti",
        mail(
            """
            Espositore in rovere arrivato, bellissimo, ma senza viti. La foto mostra tutto quello che c'era
            nella scatola.
            """,
            files=(things("espositore.png", BOARD, BOARD, BOARD),),
        ),
        take(TOMEK, 1, "missing-item"),
        reply(
            TOMEK,
            0.3,
            """
            Ha ragione, il sacchetto è ancora qui sul tavolo. Parte subito: otto viti, una brugola e le mie
            scuse.
            """,
        ),
        mail(
            """
            La cartoleria è chiusa per ferie fino a lunedì. Buone vacanze a tutti!
            """,
            0.01,
            headers={"Auto-Submitted": "auto-replied"},
        ),
    ),
    story(
        LOTTE,
        "Kaartje vergeten bij cadeau",
        mail(
            """
            Hoi! Ik ben vergeten de tekst voor het kaartje in te vullen bij IN-70447. Kan het nog? "Van harte,
            tante Lot"

            Lotte
            """
        ),
        take(DARA, 0.3, "gift"),
        reply(DARA, 0.1, "Net op tijd: kaartje zit erin, met de hand geschreven.", "solved"),
        mail("Superlief!", 0.2),
        turn(DARA, 0.5, "solved"),
    ),
    story(
        LOTTE,
        "Nietmachine niet zo stil als beloofd",
        mail(
            """
            "Fluisterstil" staat erop. Hij klinkt als een muizenval. Mag hij terug, of is de mijne stuk?

            Lotte Wagenvoort
            """
        ),
        take(DARA, 2, "return", "quality"),
        note(DARA, 2, "Listened to one here: it IS a mouse trap. Text in the shop changed to 'sturdy'."),
        reply(
            DARA,
            0.2,
            """
            Hoi Lotte, we hebben er hier ook een laten nieten en je hebt gelijk. Geld terug, en de tekst op de
            site is aangepast.
            """,
        ),
    ),
    story(
        BARTEK,
        "Paczka krąży między sortowniami",
        mail(
            """
            Cześć,

            moja paczka HX-4471733 od pięciu dni jeździ między dwiema sortowniami i zwiedziła już więcej niż
            ja w tym roku. Da się ją jakoś zatrzymać u mnie?

            Bartek
            """,
            files=(
                table(
                    "sledzenie.csv",
                    "data;miejsce",
                    "{day};sortownia B",
                    "{day};sortownia A",
                    "{day};sortownia B",
                    "{day};sortownia A",
                ),
            ),
        ),
        take(TOMEK, 0.5, "courier", "delivery"),
        note(TOMEK, 0.6, "Kod na etykiecie rozmazany, sortownik czyta raz 31, raz 81. Depot przeklei."),
        reply(
            TOMEK,
            0.2,
            """
            Cześć Bartek, etykieta była rozmazana. Kurier ją przekleił i jutro kończy się wycieczka. Daj znać,
            jeśli nie.
            """,
        ),
        mail("Jest! Lekko opalona, ale cała. Dzięki!", 28, quoting=True),
        turn(TOMEK, 1, "solved"),
    ),
    story(
        BARTEK,
        "Zwrot, co z kosztami przesyłki?",
        mail("Hej, oddaję jedną z dwóch rzeczy. Wysyłkę też zwracacie, czy tylko jak oddam wszystko?"),
        take(TOMEK, 2, "return", "how-to"),
        reply(
            TOMEK,
            0.3,
            """
            Hej, przy części zwracamy tylko rzecz, przy całości także wysyłkę. Etykieta zwrotna jest u nas za
            darmo.
            """,
            "solved",
        ),
    ),
    story(
        HALINA,
        "Zamówienie hurtowe: kreda",
        mail(
            """
            Dzień dobry, potrzebuję 60 opakowań białej kredy i 20 kolorowej na pierwszy dzień szkoły. Jaki
            rabat?

            Halina Grot
            """
        ),
        take(TOMEK, 3, "business", "quote"),
        reply(
            TOMEK,
            1,
            "Dzień dobry, od 50 opakowań 18 %. Oferta w załączniku, wysyłka w dwa dni.",
            files=(
                letter(
                    "oferta-IQ-94.pdf",
                    "Oferta IQ-94",
                    "Kreda biala, 60 op.: 157,40",
                    "Kreda kolorowa, 20 op.: 68,90",
                ),
            ),
        ),
    ),
    story(
        HALINA,
        "Korekta adresu dostawy",
        mail("Proszę dostarczać na zaplecze, ul. Młyńska 3a, bo od frontu remont do końca miesiąca. H. Grot"),
        take(DARA, 1, "address"),
        reply(DARA, 0.3, "Zmienione, kurier ma też numer telefonu. Powodzenia z remontem!", "solved"),
    ),
    story(
        BEATRIZ,
        "Caderno com páginas em branco a meio",
        mail(
            """
            Olá! O caderno pautado tem umas 20 páginas lisas no meio. Defeito ou surpresa? :) Encomenda
            IN-70409

            Bia
            """,
            files=(things("caderno.png", WHITE, PALE),),
        ),
        take(DARA, 1, "quality"),
        reply(
            DARA,
            0.5,
            """
            Olá Bia, defeito, embora surpresa soe melhor. Segue hoje um novo; fica com o outro para desenhar.
            """,
            "solved",
        ),
        mail("Já chegou, obrigada!! O outro já tem um gato na página 61.", 90),
        turn(DARA, 1, "solved"),
    ),
    story(
        BEATRIZ,
        "Alfândega pede factura",
        mail(
            """
            Boa tarde, a encomenda para a Madeira está parada, pedem a factura com valor de cada artigo. Podem
            enviar? Beatriz
            """
        ),
        take(GIULIA, 1, "delivery", "billing"),
        reply(
            GIULIA,
            0.4,
            "Boa tarde, segue em anexo, com valores e códigos. Diga-nos se desbloqueou.",
            files=(
                invoice(
                    "IN-70461",
                    SHOP,
                    "Beatriz Carvalhosa",
                    ("Caderno A5", 2, "9.50"),
                    ("Tinta 30 ml", 1, "8.90"),
                    days=3,
                ),
            ),
        ),
    ),
    story(
        AIKO,
        "日本への発送について",
        mail(
            """
            はじめまして。藤沢と申します。
            真鍮のペンを日本に送っていただくことは可能でしょうか。
            送料と日数を教えてください。

            藤沢
            """,
        ),
        take(GIULIA, 7, "delivery", "how-to"),
        reply(
            GIULIA,
            0.5,
            """
            藤沢様

            お問い合わせありがとうございます。
            日本への発送は可能です。送料は14ユーロ、10日ほどかかります。
            """,
            "solved",
        ),
        turn(GIULIA, 200, "closed"),
    ),
    story(
        AIKO,
        "ペン先の交換は可能ですか",
        mail(
            "Initechの皆さま\n\nペンが無事に届きました。とても美しいです。\nペン先を細字(EF)に交換していただくことはできますか。\n\n藤沢"
        ),
        take(DARA, 5, "product"),
        note(DARA, 1, "EF nibs are back next week, 9.00. Can go as a letter."),
        reply(
            DARA,
            0.3,
            "藤沢様\n\n可能です。EFのペン先は来週入荷いたします。9ユーロで、封書でお送りできます。\nご希望でしたらお知らせください。",
        ),
    ),
    story(
        MERT,
        "Kırık kalemtıraş",
        mail(
            """
            Merhaba, pirinç kalemtıraş çatlak geldi. Fotoğraf ekte. Değişim mi iade mi, hangisi kolaysa.

            Mert Özkırım
            """,
            files=(closeup("kalemtiras.png", 75, MUSTARD),),
        ),
        take(DARA, 1, "damage"),
        reply(
            DARA,
            0.4,
            "Merhaba Mert Bey, yenisi bugün yola çıkıyor, çatlak olan sizde kalabilir. Kusura bakmayın.",
            "solved",
        ),
        mail("Yenisi sapasağlam geldi, teşekkürler.", 96),
        turn(DARA, 1, "solved"),
    ),
    story(
        MERT,
        "Fatura şirket adına olabilir mi?",
        mail(
            """
            IN-70455 siparişinin faturasını şirket adına kesebilir misiniz? Bilgiler: Özkırım Tasarım, Çınar
            Sok. 5.

            Mert
            """
        ),
        take(GIULIA, 3, "billing"),
        reply(
            GIULIA,
            0.5,
            "Merhaba, şirket adına düzenlenmiş fatura ektedir.",
            "solved",
            files=(
                invoice(
                    "IN-70455",
                    SHOP,
                    "Ozkirim Tasarim, Cinar Sok. 5",
                    ("Defter A5 cizgili", 3, "9.50"),
                    days=6,
                ),
            ),
        ),
    ),
    story(
        SYLVIE,
        "Deux fois le même message de suivi",
        mail(
            """
            Bonjour, je reçois chaque message de suivi en double. Rien de grave, mais ma boîte déborde un peu.

            S. Maupertuis
            """
        ),
        take(TOMEK, 2, "shop"),
        note(TOMEK, 1, "Registered twice, once with a capital letter. Merged."),
        turn(TOMEK, 0.1, "open"),
    ),
    story(
        NACHO,
        "Primer pedido de la papelería",
        mail(
            """
            Buenas tardes, Giulia: adjunto el primer pedido. Si falta algo para llegar al mínimo, complete con
            lápices.

            Nacho
            """,
            files=(table("pedido-luna.csv", "ref;unidades", "CL-A5;20", "CP-A5;10", "TI-30;6"),),
        ),
    ),
    story(
        MORITZ,
        "Nachfrage Skizzenrollen",
        mail(
            """
            Die Rollen passen, danke. Aber: die angeschnittene wurde uns trotzdem berechnet, siehe Rechnung.
            Versehen?

            M. Zeidelmann
            """,
            files=(
                invoice(
                    "IN-70484",
                    SHOP,
                    "Zeidelmann Architektur",
                    ("Skizzenrolle 57 cm, angeschnitten", 1, "11.20"),
                    days=0,
                ),
            ),
        ),
    ),
)
