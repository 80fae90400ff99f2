"""French words for an invented agenda. Any likeness to a real place, band or festival is chance."""

from __future__ import annotations

from providers.simulation.world.wordlist import table, words

# City as written, zip code, department, region, latitude, longitude.
CITIES = table("""
    Paris|75011|75|Île-de-France|48.8590|2.3780
    PARIS 05|75005|75|IDF|48.8448|2.3471
    Lyon|69007|69|Auvergne-Rhône-Alpes|45.7452|4.8410
    Nantes|44000|44|Pays de la Loire|47.2129|-1.5560
    Lille|59000|59|Hauts-de-France|50.6336|3.0660
    Paris|75020|75|Île-de-France|48.8650|2.3990
    Montreuil|93100|93|IdF|48.8610|2.4430
    Clichy|92110|92|Île-de-France|48.9040|2.3060
    MARSEILLE|13001|13|Provence-Alpes-Côte d'Azur|43.2965|5.3760
    Rennes|35000|35|Bretagne|48.1120|-1.6790
    Strasbourg|67000|67|Grand Est|48.5830|7.7480
    BOURG-EN-BRESSE|01000|01|Auvergne-Rhône-Alpes|46.2050|5.2250
    Ajaccio|20000|2A|Corse|41.9267|8.7369
""")

VENUES = words(
    "La Péniche Lanterne|Le Grand Sillage|L'Étamine|Café Mirabelle|La Verrière aux Orages|Le Tambour Voilé|"
    "LES TROIS CORMORANS|La Filature Sonore|L'Entrepôt des Brumes|Le Bal du Hérisson|Salle Octave-Belin|"
    "La Citerne|Club Papier Carbone|Le Quai Renversé|LA CHAPELLE ÉLECTRIQUE|L'Atelier du Funambule|"
    "Théâtre de la Mue|Le Bistrot Polyphonique|La Halle aux Murmures|Le Hangar Sept|L'Ogre & la Plume"
)
STREETS = words(
    "rue des Halles|quai de la Fosse|rue du Moulin-Bleu|avenue des Tanneurs|impasse du Cheval-Gris|"
    "boulevard des Mariniers|rue Sainte-Opportune|place du Marché-Couvert|rue des Trois-Épis|passage Lhomme-Vert"
)
COMPLEMENTS = words("Rive droite|Fond de cour|Bâtiment C|1er étage|Entrée par la terrasse")

BANDS = words(
    "Les Marées Basses|Oiseau Tonnerre|Velours Minuit|Les Petits Séismes|Collectif Sillon Ouvert|Rouille|"
    "Grand Écart|LES FRÈRES BOUSSOLE|Mica Mica|Tropique du Nord|Chèvre & Chou|Nuage Captif|Les Héritiers du Bruit|"
    "Palissade|Soleil Mécanique|Ondine Fracas|Kermesse Froide|Le Peuple Lièvre|Zinc|Pamplemousse Rosa|"
    "Cathédrale de Poche|Les Filles du Phare|Double Hélice|Orchestre Paillasson|Baleine Blanche|Suie|"
    "Trio Garance|La Fanfare du Verger|Novembre Chaud|Machine à Rosée"
)
DJS = words(
    "DJ Crécelle|Vinyle Verne|Madame Basse|Kilowatt Heure|Sœur Samples|Docteur Larsen|Mistral 909|Nonna Acid"
)
TAGS = words(
    "folk électrique| indie pop rock|INDIE ROCK|chanson à texte|rap conscient| post-punk|cumbia|jazz modal|house"
)
ARTIST_TYPES = words("Groupe|Musicien|DJ|Compagnie|Auteur-compositeur")
PLACES = words("Saint-Nazaire|Angers|Roubaix|Valence|Pantin|Brest|Colmar|Villeurbanne|Bastia|Le Mans")

# Kind, number of the type, styles it may have.
TYPES = table("""
    Concert|1|1,2,3,4,5,7
    Clubbing|2|6
    Danse|3|8
    Jeune Public|4|2,9
""")
STYLES = {
    1: "Pop / Rock / Folk",
    2: "Chanson",
    3: "Jazz / Blues",
    4: "Rap",
    5: "Metal",
    6: "Électro / Techno",
    7: "Musiques du monde",
    8: "Danse contemporaine",
    9: "Marionnettes",
}

TITLES = {
    "Concert": words(
        "{a} + {b}|{a} en concert|{a} • {b} (release party)|Nuits de Veille #{n} • {a} + {b}|{a}, {b} & invités|"
        "Scène ouverte : {a}|{a} – sortie d'album « {album} »"
    ),
    "Clubbing": words(
        "Club Papillon : {a}, {b}|La Grande Insomnie #{n}|{a} all night long|Bal masqué avec {a}"
    ),
    "Danse": words("{album}, création {year}|Pas de deux pour {a}|Corps & graphies #{n}"),
    "Jeune Public": words("Le petit orchestre de {a}|{album} (dès 4 ans)|Goûter-concert : {a}"),
}
ALBUMS = words(
    "Les Heures lentes|Archipel intérieur|Mémoire du plancher|Minuit moins le vent|Sel & braise|La Chambre d'écho|"
    "Petites catastrophes|Horizon vertical|Demain les loups|Le Jardin suspendu"
)
PUNCHLINES = words(
    "Si vous aimez les soirs de crue & les harmoniums|Une voix, deux guitares, zéro filet|"
    "Platines ouvertes jusqu'à l'aube|Trois siècles de chansons en une heure dix|Rock de garage, cœur de velours|"
    "Pour danser sans demander pourquoi|Entre transe et berceuse"
)
PARAGRAPHS = words(
    "Un harmonium, une boîte à rythmes et l'horizon pour seul décor.|"
    "Révélé l'an dernier dans une cave, le groupe joue pour la première fois son nouvel album sur scène.|"
    "Le bar ouvre une heure avant le concert ; la cuisine sert des tartines jusqu'à 22h.|"
    "Ouverture des portes à 19h30. Prévoyez une petite laine : la salle est fraîche.|"
    "Après le concert, les platines restent branchées et le vestiaire est à 2 €.|"
    "Une heure de spectacle, puis une rencontre avec les artistes autour d'un verre."
)
NOTE = "Attention : l'ouverture des portes est avancée d'une demi-heure."
BIOGRAPHIES = words(
    "Formé en 2021 entre l'estuaire et le port, le groupe écrit des chansons qui sentent le goudron et le sel.|"
    "Venue du violon, elle chante en français, en breton et parfois sans paroles.|"
    "Deux cousines, trois accords, quatre albums.|Collectionneur de 45 tours, il mixe tout ce qui craque."
)
DESCRIPTIONS = words(
    "Salle de 220 places, bar et terrasse.|Un ancien entrepôt devenu club et salle de concerts.|"
    "Café-concert de quartier : cuisine le midi, musique le soir."
)
FESTIVALS = words(
    "Festival Nuits de Brume|Les Rugissantes|Festival du Contretemps|Printemps des Caves|Les Voix du Canal|"
    "Festival Braise & Bise"
)
PRICES = words("Billet|Prévente|Sur place|À partir de :|Tarif réduit")
STORES = words("Billetterie|DICE|Shotgun|Réservez vos places !")
REASONS = words("Artiste souffrante|Salle indisponible|Raisons techniques")
CREDITS = words("Studio Vasière|L. Morvan|Photo : Agence Pigment")
CONDITIONS = words("Réservation conseillée sur le site de la salle|Dans la limite des places disponibles")
