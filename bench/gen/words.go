package gen

import "strings"

func words(s string) []string { return strings.Fields(s) }

// The words that names are made of. None names a real person, group or firm.
var (
	given = words(`Ada Adama Aisha Aliou Ana Andrei Anton Bintou Boris Carlos Chen Chidi Daria Diego Dmitri Elena Emeka Fatou Femi
		Giulia Hana Hassan Ibrahim Igor Ines Ivan Jamal João Jürgen Kofi Laila Leïla Li Luca Lukasz Łukasz Mamadou Maria Marta Mei
		Mikhail Mohamed Nadia Ngozi Niko Ola Olga Omar Oumar Paulo Petr Pierre Rafał Ravi Rosa Sagal Salif Sana Sofia Søren Svetlana
		Tariq Thu Tomás Uche Viktor Wei Yara Yusuf Zhen Zoé`)
	family = words(`Abidi Adeyemi Aliyev Almeida Andersen Balogun Bauer Bello Bianchi Borisov Camara Chukwu Cissé Costa Coulibaly Diallo
		Diop Dubois Eze Fernández Fischer Fofana García Gomes Haddad Hoang Horvat Hussein Ivanov Jansen Kamara Kaya Keita Khan Kone
		Kovács Kowalski Kumar Kuznetsov Lefèvre Lindqvist Lopez Mensah Moreau Müller Nguyen Nielsen Novák Nowak Obi Okafor Okonkwo
		Ouattara Pereira Petrov Popescu Rahman Ramos Rossi Sánchez Sarr Schmidt Sidibé Silva Smirnov Sow Suárez Tanaka Touré Traoré
		Varga Volkov Wang Weber Yılmaz Zając Zhang`)
	cyrillic = words(`Тихий Быстрый Чёрный Белый Северный Ночной`)
	beasts   = words(`Волк Сокол Медведь Паук Ворон Лис`)
	colours  = words(`Amber Ashen Azure Brass Brazen Coral Crimson Dusky Emerald Feral Gilded Hollow Indigo Iron Ivory Jade Keen Lunar
		Mellow Muted Nimble Obsidian Opal Pale Quiet Rapid Rogue Rusty Sable Scarlet Silent Solar Sombre Stellar Tidal Umber Velvet
		Violet Wicked Winter`)
	animals = words(`Adder Badger Basilisk Bear Beetle Bison Buffalo Cobra Condor Coyote Cricket Dingo Falcon Ferret Fox Gecko Heron
		Hornet Hyena Ibis Jackal Jaguar Kestrel Kitten Lemur Leopard Lynx Mamba Mantis Marten Osprey Otter Panda Panther Python Raven
		Scorpion Spider Tiger Viper Vulture Wasp Wolf Wolverine`)
	syllables = words(`ba bi bot cor cry dark dex dro emo fen gar gate hex ice ka ko lo lock lu ma mi nan ne no or pak pho qak ra red
		rem ro sa shade sli sto ta tor tri ur va vel vo wan xa ye zar ze zu`)
	places = words(`Abidjan Accra Antwerp Bamako Belgrade Berlin Bogotá Brno Bucharest Cairo Cotonou Dakar Delhi Dubai Gdańsk Geneva
		Hanoi Istanbul Izmir Jakarta Kampala Kyiv Lagos Lima Lisbon Lomé London Lyon Madrid Malmö Manila Minsk Nairobi Odesa Osaka
		Oslo Paris Perth Porto Prague Quito Rabat Riga Rome Rotterdam Seoul Sofia Split Tallinn Tbilisi Tirana Tunis Turin Utrecht
		Vienna Vilnius Warsaw Zagreb Zürich`)
	bodies    = []string{"Cybercrime Unit", "Police", "Prosecutor's Office", "Customs", "Financial Intelligence Unit", "CERT", "Gendarmerie", "Anti-Fraud Bureau", "Judicial Police", "Ministry of Justice"}
	trades    = words(`Telecom Bank Security Labs Pay Exchange Cloud Systems Media Networks Insurance Logistics Energy Airways Health`)
	goals     = words(`Anvil Beacon Bridge Compass Crown Dagger Ember Gate Glacier Harbour Hammer Horizon Lantern Mirror Moon Nexus Orchid Pulse Quarry Serpent Shield Storm Summit Thunder Tide Torch Tower Wave`)
	ways      = []string{"Phishing", "Password Spraying", "Business Email Compromise", "SIM Swapping", "Process Injection", "Credential Dumping", "Lateral Movement", "Data Encrypted for Impact", "Web Shell", "Scheduled Task", "Romance Scam", "Money Muling", "Card Skimming", "Supply Chain Compromise", "Domain Fronting", "Crypto Mixing"}
	sectors   = []string{"Finance", "Telecommunications", "Energy", "Health", "Education", "Government", "Defence", "Retail", "Manufacturing", "Transport", "Hospitality", "Media", "Insurance", "Agriculture", "Water", "Mining", "Construction", "Legal Services", "Gaming", "Aviation"}
	offences  = []string{"Fraud", "Money Laundering", "Unauthorised Access", "Extortion", "Drug Trafficking", "Weapons Possession", "Identity Theft", "Trafficking in Persons", "Forgery", "Theft", "Corruption", "Smuggling"}
	goods     = []string{"Stolen Card Data", "Cocaine", "Heroin", "Fentanyl", "Counterfeit Medicine", "Counterfeit Currency", "Firearms", "Stolen Credentials", "Forged Passports", "Cigarettes", "Exploit Kits", "Ransomware as a Service", "Stolen Vehicles", "Wildlife"}
	regions   = []string{"Northern", "Western", "Eastern", "Southern", "Middle", "Central", "South-Eastern", "South-Western", "North-Western", "North-Eastern"}
	parts     = words(`Africa Asia Europe America Oceania`)
	venues    = words(`Market Forum Bazaar Exchange Mixer Hosting Botnet Panel Shop Board`)
	feedNames = words(`attck misp etda ransomlive tracker ledger wire desk monitor registry bulletin digest observatory gazette archive index radar chronicle dossier exchange`)
	// publishers also begin the ids of documents.
	publishers = words(`threatwatch policenews cyberledger dailywire courtreporter securityblog ministrypress agencynews vendorlabs
		regionalpost techdesk openjournal financetimes crimeindex pressroom`)
	sentences = []string{
		"Investigators linked the group to a series of intrusions at banks.", "The suspects were detained during coordinated searches.",
		"Officials declined to name the victims.", "Infrastructure was seized with the help of hosting providers.",
		"Researchers saw the tool in use since the spring.", "The figure is an estimate of the prosecutors.",
		"A second source disputes the attribution.", "The campaign reused documents that had been stolen earlier.",
	}
	roles = []string{"member", "suspected leader", "leader", "money mule", "developer", "administrator", "negotiator", "director", "spokesperson", "chief executive", "analyst", "head of unit"}
)

// countries are those of ISO 3166-1 and Kosovo. The first ones are those that
// most of the graph leads to.
var countries = words(`US RU CN GB NG DE FR UA BR IN CI NL
	AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BS BT BV BW BY BZ CA CC CD CF CG CH CK
	CL CM CO CR CU CV CW CX CY CZ DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO GA GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU
	GW GY HK HM HN HR HT HU ID IE IL IM IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
	MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NI NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR
	PS PT PW PY QA RE RO RS RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT
	TV TW TZ UG UM UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`)
