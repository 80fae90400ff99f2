"""Invented people. Any likeness of a whole name to a living person is chance."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world.dice import Dice


@dataclass(frozen=True)
class Tradition:
    """What people of one part of the world are called, and their country in Swedish and English."""

    country_sv: str
    country_en: str
    language: str
    given: tuple[str, ...]
    family: tuple[str, ...]


def _tradition(country_sv: str, country_en: str, language: str, given: str, family: str) -> Tradition:
    return Tradition(country_sv, country_en, language, tuple(given.split()), tuple(family.split()))


TRADITIONS: tuple[Tradition, ...] = (
    _tradition("Sverige", "Sweden", "Swedish",
        "Åsa Märta Elin Tove Signe Ylva Björn Håkan Love Tage Ebba Sixten Maj Örjan Linnéa Ivar",
        "Lindmark Åkerfelt Sjöbring Norrgård Hällström Vikander-Falk Öhrling Brännvall Stålnacke Moqvist "
        "Tjäderlund Grönhage Ekeblad Rönnskär"),
    _tradition("Norge", "Norway", "Norwegian",
        "Sigrid Torunn Eirik Håvard Ragnhild Jorunn Sverre Live Tarjei Åshild",
        "Haugsdal Breivoll Nessheim Skarstein Tveitnes Lyngmo Fjeldstad Øygard"),
    _tradition("Danmark", "Denmark", "Danish",
        "Mette Søren Karen Asger Birgitte Villads Ellen Mads Dagny Rasmus",
        "Højlund Bækgaard Østrup Nørreskov Tolstrup Vestergren Skovsted"),
    _tradition("Finland", "Finland", "Finnish",
        "Aino Veikko Päivi Jorma Helmi Onni Saara Eero Tuuli Antti",
        "Koskelainen Rautavirta Hämeensalo Lehtimäki-Orava Saarikangas Pajula Vuorenmaa"),
    _tradition("Island", "Iceland", "Icelandic",
        "Sólveig Hrafn Birna Eldar Þóra Kári Ásdís Snorri",
        "Hrafnsdóttir Eldarsson Birnuson Steinarsdóttir Skúlason Ormsdóttir"),
    _tradition("Frankrike", "France", "French",
        "Solène Aurélien Maïwenn-Rose Théodore Capucine Gaspard Éloïse Bastien Noémie Rémi",
        "Delacourt Vaugrenard Fontbrune Marchevel Roquebert Saint-Alban Lhermite Duvivaret"),
    _tradition("Tyskland", "Germany", "German",
        "Liesel Matthis Henrike Jörn Anneke Konrad Ulrike Veit Friederike Bastian",
        "Schönborn-Weiss Krähwinkel Oldenrath Brückmann Feldhausen Mühlgraben Tannhoff"),
    _tradition("Italien", "Italy", "Italian",
        "Fiammetta Ettore Ludovica Corrado Nives Tancredi Ornella Saverio",
        "Bellacorte Montesarchi Castelvero Dell'Orto Ravagnani Pietraforte Santamarea"),
    _tradition("Polen", "Poland", "Polish",
        "Bożena Zbigniew Agnieszka Radosław Halina Witold Jagoda Mieszko",
        "Wierzbowska Dąbrowiecki Zielonka Kruszewicz Malinowicz Jaworzyna"),
    _tradition("Rumänien", "Romania", "Romanian",
        "Ileana Ștefan Ruxandra Horia Doina Mircea Anca Tudor",
        "Văcărescu-Pop Brâncoveni Lupeanu Moldoveanca Stănciulesi Codreanca"),
    _tradition("Spanien", "Spain", "Spanish",
        "Inés Álvaro Remedios Ginés Leire Íñigo Candela Eneko",
        "Valdehoja Zubimendieta Carrasquedo Peñalosa-Rey Ibarluz Montenegral"),
    _tradition("Argentina", "Argentina", "Spanish",
        "Milagros Facundo Pilar Ezequiel Renata Lautaro Julieta Nahuel",
        "Barrancas Quiroganes Etchegaray-Luna Saldívar Ferreyrolo Montiel-Paz"),
    _tradition("Brasilien", "Brazil", "Portuguese",
        "Jandira Caetano Iracema Thiago Luzia Raimundo Yara João",
        "Albuquermar Nogueirão Vasconcelina Pitanguera Seabrão Araripe"),
    _tradition("USA", "United States", "English",
        "Delphine Wyatt Marlowe Josiah Tallulah Ezra Odessa Booker June Thaddeus",
        "Whitlock Harrowgate Delacroix-Jones Pemberly Oakhurst Summerlin Blackwater Fairweather"),
    _tradition("Storbritannien", "United Kingdom", "English",
        "Imogen Alasdair Winifred Callum Bronwen Rhys Cordelia Idris",
        "Thistlewood Penhallow Carrickmore Ashdowne Llewelling MacGrath-Bell"),
    _tradition("Iran", "Iran", "Persian",
        "Shirin Kamran Golnar Behrouz Mahtab Dariush Niloufar Siamak",
        "Rostamkhani Farahzadi Mehrabian-Sol Kohestani Shirvandeh Bahramnia"),
    _tradition("Japan", "Japan", "Japanese",
        "Haruka Tetsuo Michiyo Kenjiro Ayano Shinpei Nanako Ryota",
        "Kawashimori Tachinohara Mizunobe Fukagawara Hoshizuka Nagatsune"),
    _tradition("Sydkorea", "South Korea", "Korean",
        "Eun-bi Ji-hoon So-ra Min-jae Hye-won Tae-yang Bo-ram Sang-woo",
        "Namgung Seo Hwangbo Baek Dokgo Yoo"),
    _tradition("Senegal", "Senegal", "Wolof",
        "Awa Ousmane Fatou Cheikh Ndeye Mamadou Coumba Lamine",
        "Diattara Ndoyelle Sarrené Faye-Gueye Thiombane Badjiane"),
    _tradition("Indien", "India", "Hindi",
        "Meenal Arvind Kavita Rohan Ishani Devraj Lakshmi Sanjeev",
        "Chatterwal Ramanujar Deshpandit Kulkarwad Bhattnagari Iyerangan"),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A name and where it comes from."""

    name: str
    tradition: Tradition


def person(dice: Dice, tradition: Tradition | None = None) -> Person:
    """Somebody, of the tradition or of any."""
    chosen = tradition or dice.pick(TRADITIONS)
    return Person(f"{dice.pick(chosen.given)} {dice.pick(chosen.family)}", chosen)
