package intel

// The vocabularies, upper-cased from the lists they come from: STIX 2.1
// (threat-actor-type-ov, attack-motivation-ov, threat-actor-sophistication-ov,
// attack-resource-level-ov, infrastructure-type-ov, malware-type-ov and
// tool-type-ov), widened for crime that is not on computers.
var (
	agencyTypes         = []string{"POLICE", "CUSTOMS", "PROSECUTION", "COURT", "FIU", "INTELLIGENCE", "MILITARY", "CERT", "REGULATOR", "INTERNATIONAL", "REGIONAL_BODY", "MINISTRY", "OTHER"}
	firmTypes           = []string{"SECURITY_VENDOR", "TELECOM", "BANK", "PAYMENT", "CRYPTO_EXCHANGE", "CLOUD", "MEDIA", "NONPROFIT", "CSIRT", "OTHER"}
	groupStatuses       = []string{"ACTIVE", "DORMANT", "DISRUPTED", "DISMANTLED", "DEFUNCT", "UNKNOWN", "OTHER"}
	groupTypes          = []string{"ACTIVIST", "COMPETITOR", "CRIME_SYNDICATE", "CRIMINAL", "HACKER", "INSIDER_ACCIDENTAL", "INSIDER_DISGRUNTLED", "NATION_STATE", "SENSATIONALIST", "SPY", "TERRORIST", "RANSOMWARE", "ACCESS_BROKER", "FRAUD_RING", "LAUNDERING_NETWORK", "ILLICIT_MARKET", "MAFIA_TYPE", "OTHER"}
	infrastructureTypes = []string{"AMPLIFICATION", "ANONYMIZATION", "BOTNET", "COMMAND_AND_CONTROL", "EXFILTRATION", "HOSTING_MALWARE", "HOSTING_TARGET_LISTS", "PHISHING", "RECONNAISSANCE", "STAGING", "MARKET", "FORUM", "MIXER", "WEBSITE", "UNKNOWN", "OTHER"}
	motivations         = []string{"ACCIDENTAL", "COERCION", "DOMINANCE", "IDEOLOGY", "NOTORIETY", "ORGANIZATIONAL_GAIN", "PERSONAL_GAIN", "PERSONAL_SATISFACTION", "REVENGE", "UNPREDICTABLE", "OTHER"}
	operationStatuses   = []string{"PLANNED", "ONGOING", "ACTION_TAKEN", "CONCLUDED", "UNKNOWN", "OTHER"}
	operationTypes      = []string{"ARREST", "SEARCH", "SEIZURE", "TAKEDOWN", "DISRUPTION", "ASSET_RECOVERY", "VICTIM_RESCUE", "NOTIFICATION", "PREVENTION", "INTELLIGENCE", "JOINT_ACTION_DAY", "OTHER"}
	personStatuses      = []string{"SUSPECTED", "WANTED", "ARRESTED", "CHARGED", "CONVICTED", "ACQUITTED", "RELEASED", "EXTRADITED", "DECEASED", "OTHER"}
	resourceLevels      = []string{"INDIVIDUAL", "CLUB", "CONTEST", "TEAM", "ORGANIZATION", "GOVERNMENT"}
	sophistications     = []string{"NONE", "MINIMAL", "INTERMEDIATE", "ADVANCED", "EXPERT", "INNOVATOR", "STRATEGIC"}
	toolTypes           = []string{"ADWARE", "BACKDOOR", "BOT", "BOOTKIT", "DDOS", "DOWNLOADER", "DROPPER", "EXPLOIT_KIT", "KEYLOGGER", "RANSOMWARE", "REMOTE_ACCESS_TROJAN", "RESOURCE_EXPLOITATION", "ROGUE_SECURITY_SOFTWARE", "ROOTKIT", "SCREEN_CAPTURE", "SPYWARE", "TROJAN", "VIRUS", "WEBSHELL", "WIPER", "WORM", "DENIAL_OF_SERVICE", "EXPLOITATION", "INFORMATION_GATHERING", "NETWORK_CAPTURE", "CREDENTIAL_EXPLOITATION", "REMOTE_ACCESS", "VULNERABILITY_SCANNING", "UNKNOWN", "OTHER"}
)

// AssetClasses lists the slots of Money; they are disjoint, TOTAL apart.
func AssetClasses() []AssetClass {
	return []AssetClass{"CASH", "CRYPTOCURRENCY", "OTHER_VIRTUAL", "BANK_FUNDS", "REAL_ESTATE", "VEHICLES", "PRECIOUS", "OTHER", "TOTAL"}
}

// CryptoCurrencies lists the codes accepted beside ISO 4217.
func CryptoCurrencies() []string {
	return []string{"ADA", "AVAX", "BCH", "BNB", "BTC", "BUSD", "DAI", "DASH", "DOGE", "DOT", "ETC", "ETH", "LTC", "MATIC", "SHIB", "SOL", "TON", "TRX", "USDC", "USDT", "XLM", "XMR", "XRP", "ZEC"}
}
