"""Invented galleries, artists and sentences of the Bay Area. Any likeness to somebody living is chance."""

from __future__ import annotations

from providers.simulation.world.wordlist import table, words

# City, state, zip code, latitude, longitude, streets.
CITIES = table(
    """
    San Francisco|CA|94103|37.7725|-122.4110|Lantern Street,Tannery Alley,Minna Row,Gasworks Street
    San Francisco|CA|94110|37.7490|-122.4180|Balmoral Street,Ropewalk Alley,Shotwell Court,Treat Row
    San Francisco|CA|94108|37.7920|-122.4080|Geary Steps,Quincy Stairs,Post Alley
    Oakland|CA|94612|37.8130|-122.2690|Annex Alley,Grand Arcade,Twenty-Third Row
    Oakland|CA|94607|37.8050|-122.2930|Cannery Way,Mandela Row,Linden Yard
    Berkeley|CA|94710|37.8660|-122.2990|Gilman Yard,Fourth Landing,Kiln Street
    Emeryville|CA|94608|37.8350|-122.2850|Ironworks Road,Doyle Court
    San Jose|CA|95113|37.3340|-121.8900|Second Arcade,Orchard Row
    Palo Alto|CA|94301|37.4440|-122.1610|Alder Street,Emerson Court
    Sausalito|CA|94965|37.8590|-122.4850|Boatyard Road,Bridgeway Steps
    """
)
FIRST_OF_A_PLACE = words(
    "Lantern Street|Foundry|Salt Marsh|Fog Signal|Blue Door|Tidewater|North Window|Cable Car|Paper Plane|Second Floor|"
    "Mission Creek|Ferry Slip|Long Division|Plumb Line|Dry Dock|Sunset Tunnel|Eucalyptus|Half Moon|Pacific Rim|"
    "Ink & Anchor|Loading Dock|Pier View|Small Press|Night Heron|18 Reasons|Golden Hinge|Slow Lens|Redwood Room"
)
LAST_OF_A_PLACE = words(
    "Projects|Annex|Gallery|Contemporary|Arts Center|Press|Museum of Drawing|Studios|Exhibition Space|Foundation|"
    "Cooperative|Film Archive"
)
GIVEN = words(
    "Marisol|Dorothea|Ikaika|Edda|Tobias|June|Wendell|Odalys|Priya|Hollis|Keiko|Anselm|Rosalind|Bao|Lucinda|Ezekiel|"
    "Noor|Fern|Thaddeus|Ximena|Ottoline|Desmond|Yuki|Calla|Ruben|Imani|Sylvan|Greta|Matteo|Zora|Leopold|Ana Lucía|"
    "Renée|Bjørn|Salome|Cyrus"
)
FAMILY = words(
    "Quant|Vance|Moreno-Ito|Farrow|Wren|Okonjo|Castellane|Delmar|Ravindra|Stroud|Tanabe|Vogler|Achterberg|Nguyen-Bell|"
    "Prewitt|Salcedo|Haddadin|Marsh|Pellegrine|Ibarguen|Thornquist|Abara|Kurosawa-Lind|Finch|Mendocine|Oyelaran|"
    "Sutter|Brandvold|Carbone|Lumière|Whitacre|Yoshimoto|Zeller|Ostrander|Piñeda|Galt"
)
GROUPS = words(
    "Quill & Tan|The Bureau of Slow Looking|Tin Roof Radio|Soft Machine Shop|Four Corners Collective|Owls & Others|"
    "Department of Weather|The Bay Quartet|Loose Leaf|Studio 9¾"
)
ADJECTIVES = words(
    "Salt|Soft|Borrowed|Paper|Slow|Invisible|Second|Electric|Unfinished|Tidal|Night|Local|Bright|Ordinary|Floating|"
    "Half-Remembered|Common|Silver|Distant|Portable|Fault"
)
NOUNS = words(
    "Lines|Weather|Maps|Rooms|Objects|Gardens|Signals|Evidence|Letters|Bridges|Shadows|Islands|Machines|Portraits|"
    "Gestures|Fog|Reservoirs|Fictions|Archives|Thresholds|Grids|Echoes"
)
EXHIBITIONS = words(
    "{a} {n}|{n} for a {a} Year|The {a} Hour|{a} {n}, {b} {m}|Notes on {n}|After the {n}|{person}: {a} {n}|"
    "What the {n} Kept|New Work by {person}|{a} {n} (Recent Acquisitions)|Between {n} and {m}|The Museum of {a} {n}"
)
EVENINGS = words(
    "Artist Talk: {person}|Night Shift: Moving Image & Sound|{a} {n}: A Reading|Screening: {a} {n}|"
    "Live Music with {person}|Open Studios at {place}|{n}, a Performance by {person}|"
    "In Conversation: {person}|Benefit Party for {place}|"
    "Drawing Workshop: {a} {n}|Panel Discussion: Who Owns the {n}?|Gallery Tour with {person}|Zine Fair: {a} {n}"
)
ODD_NAMES = (
    "{count} Views of the {n}",
    "& Other {n}",
    "“Untitled” and “{a} {n}”",
    '"{a} {n}" & After',
)
PARAGRAPHS = words(
    "{place} presents “{title}”, new work by {person}. The pieces were made over the course of a year — from Alviso "
    "to Vallejo — and follow what the water left behind.|"
    "{person} works with ink, salt and found film. The artist’s notebooks are on view in the office.|"
    "The exhibition brings together drawings, a floor piece and three videos that look at {n} as a kind of {m}.|"
    "Visitors are asked to move slowly. The room is dim, and some of the {n} are only visible after a minute or two.|"
    "“I never meant to draw the {n},” says {person}. “I meant to draw the {m} & ended up here.”|"
    "A small catalogue with an essay by {person} is for sale at the desk. Free admission; donations welcome.|"
    "Curated by {person}, the show takes its title from a hand-lettered sign in the window of a hardware store.|"
    "Please note that the entrance is in the alley. The building has an elevator; call ahead for access.|"
    "The evening begins with a short introduction and ends when the last record has been played.|"
    "Made possible by the members of {place} and by people who lent us chairs.  \nDoors stay open late on Thursdays."
)
HOURS = words(
    "Open Thursday to Saturday, 12-6 PM.|Open Tuesday to Friday, 10:30 AM-5:30 PM, Saturday 11-5.|"
    "Open by appointment and when the light is on.|Open Wednesday to Sunday, 11 AM-5 PM; first Thursday until 8 PM."
)
ABOUT_PLACES = words(
    "Artist-run space for drawing and sound.|Two rooms above a print shop.|A former cannery with a garden & a kiln.|"
    "Non-profit gallery for art from the West Coast.|Storefront for film, radio and conversation."
)
ABOUT_PEOPLE = words(
    "{name} lives and works in {city}.\nRecent shows include “{a} {n}” and “The {b} {m}”.|"
    "Born in Eureka, {name} studied printmaking & now teaches in {city}.|"
    "{name} makes films, books and the occasional radio play.|"
)
MEDIA = words(
    "ink on paper|oil on canvas|archival pigment print|16mm film, 11 minutes|cast salt and steel|gouache on panel|"
    "color aquatint|found wood|single-channel video|silk-screen on felt"
)
OPENINGS = words("Opening reception|Opening reception with the artist|Opening & first look|Opening night")
TALKS = words(
    "Artist talk|Walk-through with the curator|Panel discussion|In conversation|Reading from the catalogue"
)
PARTIES = words("Closing party|Members’ party|After-hours party with live sound")
OTHERS = words("Family Saturday|Book release|Printing demonstration|Silent auction")
