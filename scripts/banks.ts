/**
 * The demo world's `banks_data`: head offices of real banks by their Business Identifier Code (BIC, ISO 9362).
 * Source: the codes as SWIFT assigns and the banks publish them; EBILAEAD and others compared with the list at
 * github.com/PeterNotenboom/SwiftCodes. For demonstration: nobody keeps it up to date.
 */
const BANKS = `
EBILAEAD|Emirates NBD|AE|Dubai
ADCBAEAA|Abu Dhabi Commercial Bank|AE|Abu Dhabi
GIBAATWG|Erste Group Bank|AT|Vienna
RZBAATWW|Raiffeisen Bank International|AT|Vienna
CTBAAU2S|Commonwealth Bank of Australia|AU|Sydney
ANZBAU3M|Australia and New Zealand Banking Group|AU|Melbourne
WPACAU2S|Westpac|AU|Sydney
KREDBEBB|KBC Bank|BE|Brussels
GEBABEBB|BNP Paribas Fortis|BE|Brussels
ROYCCAT2|Royal Bank of Canada|CA|Toronto
TDOMCATT|Toronto-Dominion Bank|CA|Toronto
UBSWCHZH|UBS|CH|Zurich
ZKBKCHZZ|Zürcher Kantonalbank|CH|Zurich
BKCHCNBJ|Bank of China|CN|Beijing
ICBKCNBJ|Industrial and Commercial Bank of China|CN|Beijing
COBADEFF|Commerzbank|DE|Frankfurt am Main
DEUTDEFF|Deutsche Bank|DE|Frankfurt am Main
DABADKKK|Danske Bank|DK|Copenhagen
BBVAESMM|Banco Bilbao Vizcaya Argentaria|ES|Madrid
BSCHESMM|Banco Santander|ES|Madrid
CAIXESBB|CaixaBank|ES|Barcelona
AABAFI22|Bank of Åland|FI|Mariehamn
NDEAFIHH|Nordea|FI|Helsinki
BNPAFRPP|BNP Paribas|FR|Paris
SOGEFRPP|Société Générale|FR|Paris
BARCGB22|Barclays|GB|London
LOYDGB2L|Lloyds Bank|GB|London
NWBKGB2L|NatWest|GB|London
ETHNGRAA|National Bank of Greece|GR|Athens
HSBCHKHH|The Hongkong and Shanghai Banking Corporation|HK|Hong Kong
AIBKIE2D|Allied Irish Banks|IE|Dublin
BOFIIE2D|Bank of Ireland|IE|Dublin
SBININBB|State Bank of India|IN|Mumbai
BCITITMM|Intesa Sanpaolo|IT|Milan
UNCRITMM|UniCredit|IT|Milan
BOTKJPJT|MUFG Bank|JP|Tokyo
SMBCJPJT|Sumitomo Mitsui Banking Corporation|JP|Tokyo
BCEELULL|Banque et Caisse d'Épargne de l'État|LU|Luxembourg
ABNANL2A|ABN AMRO|NL|Amsterdam
INGBNL2A|ING|NL|Amsterdam
RABONL2U|Rabobank|NL|Utrecht
DNBANOKK|DNB Bank|NO|Oslo
BPKOPLPW|PKO Bank Polski|PL|Warsaw
CGDIPTPL|Caixa Geral de Depósitos|PT|Lisbon
ESSESESS|Skandinaviska Enskilda Banken|SE|Stockholm
SWEDSESS|Swedbank|SE|Stockholm
DBSSSGSG|DBS Bank|SG|Singapore
OCBCSGSG|Oversea-Chinese Banking Corporation|SG|Singapore
CHASUS33|JPMorgan Chase Bank|US|New York
CITIUS33|Citibank|US|New York
SBZAZAJJ|Standard Bank of South Africa|ZA|Johannesburg`

/** BIC, name, country (ISO 3166-1), and city. */
export const banks = BANKS.trim()
  .split('\n')
  .map((line) => {
    const [bic, name, country, city] = line.split('|') as [string, string, string, string]
    return { bic, name, country, city }
  })
