"""Rules on the language of texts, on visible words in names, and on instructions for those who see."""

from itertools import product

import pytest

from crawler.capture import Passage
from tests.audits.voices import link, said, seen

NAMED = '<a aria-label="x">'
SPANISH = (
    "La municipalidad informa a los vecinos del distrito que la atención en las oficinas será desde las ocho de la mañana "
    "hasta la una de la tarde, y que los pagos se pueden hacer en línea con la tarjeta o en los bancos del centro de la ciudad."
)
PORTUGUESE = (
    "A prefeitura informa aos moradores do município que o atendimento nas secretarias será das oito da manhã ao meio-dia, "
    "e que os pagamentos podem ser feitos pela internet com o cartão ou nas agências dos bancos do centro da cidade."
)
ENGLISH = (
    "The town informs the people of the district that the offices will be open from eight in the morning until noon, "
    "and that all payments can be made online with a card or at the branches of the banks in the centre of the city."
)
FRENCH = (
    "La mairie informe les habitants de la commune que les bureaux seront ouverts de huit heures du matin à midi, "
    "et que tous les paiements peuvent être faits en ligne avec une carte ou dans les agences des banques du centre de la ville."
)
TEXTS = {"es": SPANISH, "pt": PORTUGUESE, "en": ENGLISH, "fr": FRENCH}
# Article 1 of the Universal Declaration of Human Rights in languages of the region.
UNKNOWN = {
    "gn": "Mayma yvypóra ou ko yvy ári iñapytyʼyre ha eteĩcha dignidad ha derecho jeguerekópe; ha ikatu rupi oikuaa "
    "añetéva ha añete'yva, iporãva ha ivaíva, tekotevẽ pehenguéicha oiko oñondivekuéra.",
    "qu": "Tukuy kay pachaman paqarimujkuna libres nasekuntu tukuypunitaj kikin obligacionesniycjllataj, jinakamalla "
    "honorniyoj ima, atiyniyoj chantaqa razonwan concienciawan dotasqa kasqankurayku, kawsaqe masipura jina, tukuy "
    "uj munakuyllapi kawsakunanku tian.",
    "ay": "Taqpach jaqenakaj khuskat uraqenjja yuripjje, ukhamarak jerarquía ukhamarak derechonakanipjje. Jupanakasti "
    "amuyasipjjewa ukhamarak kunatejja askisa, janiwa askisa ukanaka.",
    "ht": "Tout moun fèt lib, egal ego pou diyite kou wè dwa. Nou gen la rezon ak la konsyans epi nou fèt pou nou aji "
    "youn ak lot ak yon lespri fwatènite.",
    "pap": "Tur ser humano ta nace liber y igual den dignidad y den derecho. Nan ta dota cu rason y cu consenshi y mester "
    "comporta nan mes den spirito di fraternidad pa cu otro.",
    "nah": "Nochi tlakamej uan siuamej kipiaj manoj kuali tlakatisej, nochi san se totlatechpouiltilis uan "
    "titlatepanitalojkej, yeka moneki kuali ma timouikakaj, ma timoiknelikaj, ma timotlasojtlakaj uan ma "
    "timotlepanitakaj.",
    "gl": "Tódolos seres humanos nacen libres e iguais en dignidade e dereitos e, dotados como están de razón e "
    "conciencia, débense comportar fraternalmente uns cos outros.",
    "ca": "Tots els éssers humans neixen lliures i iguals en dignitat i en drets. Són dotats de raó i de consciència, i "
    "han de comportar-se fraternalment els uns amb els altres.",
}


# Visible labels


@pytest.mark.parametrize(
    ("text", "name", "outcome"),
    [
        ("Buscar", "Encontrar", "failed"),
        ("Descargar presupuesto", "Descargar el presupuesto", "failed"),
        ("Ver más", "Leia mais sobre obras", "failed"),
        ("Leer más »", "Leer más sobre obras", "passed"),
        ("BUSCAR", "buscar trámites", "passed"),
        ("Búsqueda", "busqueda", "passed"),
        ("Av. Brasil", "Avenida Brasil", "cant_tell"),
        ("Municipalidad de Lim…", "Municipalidad de Lima", "cant_tell"),
        ("E-mail", "Email", "passed"),
        ("arrow_forward Seguir", "Seguir", "passed"),
        ("Avisos 3", "Avisos", "cant_tell"),
        ("Guardar (Ctrl+S)", "Guardar", "passed"),
        ("×", "Cerrar", "inapplicable"),
        ("X", "Cerrar", "inapplicable"),
        ("", "Menú", "inapplicable"),
    ],
)
def test_visible_words_stand_in_the_name(text: str, name: str, outcome: str) -> None:
    assert said(seen("button", name, text, snippet=NAMED))["visible_label_in_name"] == outcome


def test_names_that_come_from_the_content_are_not_asked() -> None:
    assert said(seen("link", "Inicio", "Inicio chevron", snippet="<a>"))["visible_label_in_name"] == "inapplicable"
    icons = '<a aria-label="Abrir"><i class="material-icons">'
    assert said(seen("link", "Abrir", "menu", snippet=icons))["visible_label_in_name"] == "inapplicable"


# Languages


@pytest.mark.parametrize(("written", "declared"), list(product(TEXTS, TEXTS)))
def test_the_language_of_a_page_is_told_from_the_declared_one(written: str, declared: str) -> None:
    outcome = said(passages=(Passage(declared, TEXTS[written], whole=True),), language="es")["page_language_matches"]
    assert outcome == ("passed" if written == declared else "failed")


@pytest.mark.parametrize(("unknown", "declared"), list(product(UNKNOWN, ("es", "pt", "fr", "gn", "qu", "pap", "gl", ""))))
def test_languages_that_few_programs_know_are_never_called_another(unknown: str, declared: str) -> None:
    outcomes = said(passages=(Passage(declared, UNKNOWN[unknown], whole=True), Passage(declared, UNKNOWN[unknown], whole=False)))
    assert "failed" not in outcomes.values()


def test_parts_and_paragraphs_in_another_language() -> None:
    def parts(*passages: Passage) -> tuple[str, str]:
        outcomes = said(passages=passages)
        return outcomes["page_language_matches"], outcomes["part_language_matches"]

    assert parts(Passage("es", SPANISH, whole=True), Passage("en", ENGLISH, whole=False)) == ("passed", "passed")
    assert parts(Passage("es", SPANISH, whole=True), Passage("fr", ENGLISH, whole=False)) == ("passed", "failed")
    assert parts(Passage("es", f"{SPANISH}\n{ENGLISH}", whole=True)) == ("passed", "failed")
    assert parts(Passage("es", f"{SPANISH}\nRead more about this in the news", whole=True)) == ("passed", "passed")
    assert parts(Passage("", ENGLISH, whole=True)) == ("inapplicable", "inapplicable")


def test_names_in_the_declared_language_outweigh_a_short_text_in_another() -> None:
    notice = Passage("es", "Your browser does not support the video on this page.", whole=True)
    menu = [link(name) for name in ("Trámites de la municipalidad", "Las obras y los servicios del distrito", "Pagos en línea")]
    assert said(*menu, passages=(notice,))["page_language_matches"] == "passed"


# Instructions


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Para seguir haga clic en el botón verde.", "failed"),
        ("Utilice el menú de la derecha.", "failed"),
        ("Haga clic en el botón verde «Enviar».", "passed"),
        ("Para enviar, pulse el botón rojo.", "passed"),
        ("Pulse el botón que está abajo.", "inapplicable"),
        ("La bandera es un cuadrado rojo y verde.", "inapplicable"),
        ("Utilice el enlace de la red.", "inapplicable"),
    ],
)
def test_instructions_need_more_than_shape_colour_or_side(text: str, outcome: str) -> None:
    passages = (Passage("es", text, whole=True),)
    assert said(seen("button", "Enviar"), passages=passages)["sensory_instruction"] == outcome
