#include "ingest/header_words.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "model/catalogue.h"

namespace quaywatch::ingest {
namespace {

struct HeaderWord {
  std::string_view meaning;
  std::string_view words;  // normal forms, parted by blanks
};

// A word stands once. Plurals and compounds are written out; "number", "nr" and their kin at the end are not.
constexpr HeaderWord kHeaders[] = {
    {"container.number",
     "container containers cntr ctr cont conteneur contenedor contentor conteiner contenitore kontejner kontejnera "
     "zabojnik unit box siglacontenedor containernbr unitnbr eqpid"},
    {"container.size_type",
     "isocode isotype iso isotyp sizetype typesize containertype cntrtype type typ size tipo tip isokod tipocontenedor "
     "tipocontentor tipocontenitore typeconteneur typeiso tipoiso containertyp tipkontejnera codigoiso grosstyp "
     "eqtype"},
    {"container.full_empty",
     "fullempty fe vollleer volleeg leegvol pleinvide llenovacio cheiovazio pienovuoto punoprazno polnoprazno"},
    {"container.weight_kg",
     "weight gross grossweight gewicht brutto bruttogewicht brutogewicht poids poidsbrut peso pesobruto pesolordo "
     "lordo "
     "tezina brutotezina masa brutomasa bruto teza brutoteza bruttokg"},
    {"container.tare_kg", "tare tara tarra taragewicht tareweight leergewicht"},
    {"container.vgm_kg", "vgm verifiedgrossmass"},
    {"container.temperature_c", "temperature temp temperatur temperatuur temperatura setpoint"},
    {"container.cargo", "cargo goods ware lading marchandise mercancia mercadoria merce roba tovor commodity"},
    {"seal.number",
     "seal seals zegel zegels siegel plombe plomben plomb scelle scelles precinto precintos lacre lacres selo selos "
     "sigillo sigilli plomba plombe"},
    {"location.from",
     "from fromposition frompos fromlocation von vonplatz vonposition van vanlocatie vanpositie origen origem origine "
     "desde od posicionorigen posicaoorigem"},
    {"location.to",
     "to toposition topos tolocation nach nachplatz nachposition naar naarlocatie naarpositie destino destination ziel "
     "bestemming destinazione odrediste posiciondestino posicaodestino cilj"},
    {"location.code", "unlocode locode location locatie place ort plaats lieu lugar luogo"},
    {"location.load",
     "pol portofloading loadport ladehafen laadhaven portchargement puertocarga portocarga portoimbarco lukaukrcaja"},
    {"location.discharge",
     "pod portofdischarge dischargeport loschhafen loshaven portdechargement puertodescarga portodescarga portosbarco "
     "lukaiskrcaja"},
    {"vessel.name", "vessel ship vesselname schiff schip navire buque navio nave brod ladja"},
    {"vessel.imo", "imo vesselimo shipimo"},
    {"vessel.mmsi", "mmsi"},
    {"vessel.call_sign", "callsign rufzeichen roepletters indicatif"},
    {"vessel.voyage", "voyage reise reis viaje viagem viaggio putovanje potovanje voyagein voyageout"},
    {"vessel.speed_kn", "sog speed"},
    {"vessel.course_deg", "cog course"},
    {"vessel.heading_deg", "heading"},
    {"position.latitude", "lat latitude"},
    {"position.longitude", "lon lng longitude"},
    {"carrier.code",
     "carrier line shippingline reederei rederij armateur naviera armador compagnia brodar ladjar linea"},
    {"booking.ref", "booking buchung boeking reserva prenotazione bookingref"},
    {"bill.ref", "bl bol billoflading konnossement connaissement conocimiento conhecimento polizza teretnica"},
    {"order.ref", "order workorder auftrag opdracht ordre orden ordem ordine nalog orderref wo wonumber nalogbroj"},
    {"order.kind", "kind orderkind ordertype auftragsart opdrachtsoort"},
    {"order.issued_by", "issuedby ausgestelltvon uitgegevendoor emitidopor"},
    {"equipment.id", "equipment machine gerat kraan kran crane engin equipamento mezzo stroj che maquina materieel"},
    {"equipment.operator", "operator bediener machinist operateur operador operatore rukovatelj"},
    {"release.ref", "release releaseref freistellung vrijgave mainlevee liberacion liberacao rilascio"},
    {"release.holder_named", "releaseholder"},
    {"release.valid_until", "validuntil releasevaliduntil gultigbis geldigtot"},
    {"party.code",
     "haulier hauliercode trucker truckingcompany spediteur transporteur vervoerder transportista transportadora "
     "autotrasportatore prijevoznik prevoznik company"},
    {"party.vehicle", "plates licenceplates licenseplates kentekens"},
    {"party.consignee", "consignee empfanger ontvanger destinataire consignatario destinatario primatelj prejemnik"},
    {"party.sender", "shipper consignor absender verlader afzender expediteur cargador expedidor mittente posiljatelj"},
    {"pickup.ref",
     "appointment appt termin voormelding vormeldung afspraak rdv rendezvous cita agendamento appuntamento najava "
     "truckvisit preadvice"},
    {"pickup.window_from", "windowfrom windowstart slotfrom slotstart zeitfenstervon"},
    {"pickup.window_until", "windowto windowuntil windowend slotto slotend zeitfensterbis"},
    {"vehicle.plate",
     "plate licenseplate licenceplate truckplate kennzeichen kfzkennzeichen lkwkennzeichen kenteken immatriculation "
     "plaque matricula matriculacamion patente placa placacamion targa registracija tablica registrskaoznaka truck lkw "
     "camion camiao vrachtwagen kamion tovornjak"},
    {"driver.card", "drivercard fahrerkarte chauffeurskaart cargocard"},
    {"account.id",
     "user username benutzer gebruiker utilisateur usuario utilizador utente korisnik uporabnik account agentuser "
     "byuser"},
    {"account.function", "fn function funktion functie fonction funcion funcao funzione"},
    {"account.organisation", "org organisation organization"},
    {"account.workstation", "ws workstation"},
    {"task.ref", "ticket task job taak aufgabe tarea tarefa"},
    {"credential.id", "badge card karte ausweis pas kaart carte tarjeta cartao tessera kartica ausweisnummer"},
    {"credential.holder", "holder cardholder inhaber houder titulaire titular titolare nositelj"},
    {"credential.holder_type", "holdertype"},
    {"access.reader", "reader leser lezer lecteur lector leitor lettore citac"},
    {"access.zone", "zone zona bereich gebied"},
    {"inspection.officer", "officer beamter"},
    {"inspection.second_officer", "secondofficer"},
    {"device.id", "device sensor camera kamera"},
    {"capture.lane", "lane spur rijstrook gasse gate tor poort puerta porta"},
    {"capture.confidence", "conf confidence konfidenz"},
    {"goods.vin", "vin fin chassis fahrgestell bastidor chassi telaio"},
    {"goods.hs_code", "hs hscode taric"},
    {"customs.ref", "mrn"},
    {"event.facility", "facility"},
    {"@time",
     "time date datetime timestamp ts zeit uhrzeit datum datumzeit datumuhrzeit zeitpunkt zeitstempel tijd tijdstip "
     "datumtijd heure dateheure horodatage fecha hora fechahora data ora dataora datahora vrijeme datumvrijeme cas "
     "datumcas eventtime localtime utc at paneltime changedat changed opened openedat openedlocal registeredon when"},
    {"@reported",
     "reported reportedat created createdat entered enteredat recorded erfasst erfasstam geregistreerd ingevoerd saisi "
     "registrado registado inserito upisano vneseno"},
    {"@received", "received receivedat empfangen ontvangen recu recibido recebido ricevuto primljeno prejeto"},
    {"@then", "started ended start end begin beginn ende inicio fim fin"},
    {"@key",
     "id seq sequence nr no number row lfd lfdnr laufnummer folio moveid volgnummer registro transaction transactionid "
     "redbr zapst"},
    {"@code",
     "dir direction richtung richting sens sentido direzione smjer smer bewegung beweging mouvement movimiento "
     "movimento "
     "kretanje premik inout movement move event action aktion evento ereignis gebeurtenis evenement operation "
     "operacion "
     "operacao operazione operacija accion acao azione activity status"},
    {"@result", "result resultado resultat ergebnis resultaat risultato rezultat decision"},
    {"@channel", "channel kanal"},
    {"@code_word", "code"},
    {"@name", "name"},
    {"@state", "state"},
    {"@reason", "reason grund reden motif motivo razlog"},
};

constexpr HeaderWord kTimes[] = {
    {"container.gate_in",
     "in gatein timein intime ingate einfahrt eingang entrada entree ingresso ulaz vhod inrit binnenkomst"},
    {"container.gate_out",
     "out gateout timeout outtime outgate ausfahrt ausgang salida saida sortie uscita izlaz izhod uitrit vertrek"},
    {"order.issued", "issued ordered orderissued ordertime erteilt"},
    {"container.moved", "moved movedat movetime executed executedat umgelagert verplaatst"},
    {"container.discharged", "discharged dischargetime geloscht gelost"},
    {"container.loaded", "loaded loadtime verladen"},
};

constexpr HeaderWord kSenses[] = {
    {"in",
     "in entry enter gatein ein eingang einfahrt entrada entree ingresso entrata ulaz vhod inkomend inbound ankunft "
     "aankomst llegada chegada arrivo dolazak inrit binnen"},
    {"out",
     "out exit gateout aus uit buiten ausgang ausfahrt salida saida sortie uscita izlaz izhod uitgaand outbound "
     "abfahrt vertrek "
     "uitrit odlazak"},
    {"ok", "ok accepted success valid akzeptiert geaccepteerd accepte aceptado aceito accettato"},
    {"granted",
     "granted allowed permitted accessgranted erlaubt gewahrt zugelassen toegestaan autorise permitido concedido "
     "autorizado consentito odobreno dovoljeno"},
    {"denied",
     "denied refused rejected accessdenied verweigert abgelehnt geweigerd refuse denegado rechazado negado recusado "
     "negato rifiutato odbijeno zavrnjeno"},
    {"discharged",
     "disch dsch discharge discharged entladen geloscht loschen lossen gelost decharge dechargement descarga "
     "descargado "
     "desembarque sbarco iskrcaj"},
    {"loaded",
     "load loaded verladen laden geladen beladen chargement embarque carregamento imbarco ukrcaj carga cargado"},
    {"moved", "moved shift shifting umfuhr umlagern verplaatsing remocion remocao spostamento premjestaj"},
    {"selected", "select selected"},
    {"inspected", "scan niiscan inspected inspection kontrolle controle inspeccion inspecao ispezione pregled"},
    {"resealed", "reseal resealed"},
    {"silent", "offline lost ausgefallen"},
    {"restored", "online restored"},
    {"queried", "unitlocate locate query search"},
    {"full", "full f voll vol plein lleno cheio pieno pun puna poln"},
    {"empty", "empty e mt leer leeg vide vacio vazio vuoto prazan prazna prazen"},
};

// Words that only join others, and endings that say "number".
constexpr std::string_view kJoining[] = {"de",  "do",  "da", "del",    "della",  "di",     "du",  "des",  "la",  "le",
                                         "of",  "the", "n",  "nr",     "no",     "num",    "nbr", "o",    "br",  "broj",
                                         "id",  "i",   "y",  "numero", "number", "nummer", "kg",  "st",   "utc", "gmt",
                                         "ref", "and", "lt", "local",  "lokal",  "code",   "c"};
constexpr std::string_view kEndings[] = {"nummer", "number", "nbr", "nr", "no", "id"};

// U+00C0 to U+017F without accents.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

bool is_letter_or_digit(char c) {
  return is_ascii_digit(c) || (c >= 'a' && c <= 'z');
}

// The letter at `i`, accents dropped, in its case; `size` bytes of text. A blank for what parts words.
char letter_at(std::string_view text, std::size_t i, std::size_t& size) {
  const auto byte = static_cast<unsigned char>(text[i]);
  size = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  if (size == 1) return text[i];
  if (size != 2 || i + 1 >= text.size()) return ' ';
  const unsigned code = (byte & 0x1FU) << 6 | (static_cast<unsigned char>(text[i + 1]) & 0x3FU);
  if (code == 0xBA || code == 0xB0) return 'o';  // the small o of "Nº"
  return code >= 0xC0 && code < 0x180 ? kLatin[code - 0xC0] : ' ';
}

bool holds(std::string_view words, std::string_view word) {
  for (auto at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const bool begins = at == 0 || words[at - 1] == ' ';
    const auto end = at + word.size();
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

std::string_view meaning_in(std::span<const HeaderWord> table, std::string_view word) {
  if (word.empty()) return {};
  const auto at = std::find_if(table.begin(), table.end(), [&](const HeaderWord& e) { return holds(e.words, word); });
  return at == table.end() ? std::string_view{} : at->meaning;
}

// The word itself, else without an ending that says "number".
std::string_view meaning_of_word(std::span<const HeaderWord> table, std::string_view word) {
  if (const auto found = meaning_in(table, word); !found.empty()) return found;
  for (const std::string_view ending : kEndings)
    if (word.ends_with(ending) && word.size() >= ending.size() + 3)
      if (const auto found = meaning_in(table, word.substr(0, word.size() - ending.size())); !found.empty())
        return found;
  return {};
}

// The longest run of words that the table knows; of equal ones the last, where English and German put the noun.
Meaning meaning_of(std::span<const HeaderWord> table, std::string_view header) {
  std::vector<std::string> words = words_of(header);
  if (const auto found = meaning_of_word(table, joined(words, "")); !found.empty()) return {found, true};
  std::erase_if(words, [](const std::string& w) {
    return std::find(std::begin(kJoining), std::end(kJoining), w) != std::end(kJoining);
  });
  for (std::size_t n = words.size(); n > 0; --n)
    for (std::size_t end = words.size(); end >= n; --end)
      if (const auto found = meaning_of_word(table, joined(std::span(words).subspan(end - n, n), "")); !found.empty())
        return {found, n == words.size()};
  return {};
}

bool has_word(std::string_view header, std::span<const std::string_view> wanted) {
  const auto words = words_of(header);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return std::find(wanted.begin(), wanted.end(), w) != wanted.end(); });
}

// view and viewed, transfer and transferred: equal, or four letters in common at the start.
bool same_stem(std::string_view a, std::string_view b) {
  return a == b || (a.size() >= 4 && b.size() >= 4 && a.substr(0, 4) == b.substr(0, 4));
}

}  // namespace

std::vector<std::string> words_of(std::string_view utf8) {
  std::vector<std::string> out;
  std::string word;
  bool was_small = false;
  const auto end_word = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  for (std::size_t i = 0, size = 1; i < utf8.size(); i += size) {
    const char c = letter_at(utf8, i, size);
    if (is_ascii_upper(c) && was_small) end_word();
    was_small = c >= 'a' && c <= 'z' && size == 1;
    const char low = ascii_lower(c);
    if (is_letter_or_digit(low))
      word += low;
    else
      end_word();
  }
  end_word();
  return out;
}

Meaning header_meaning(std::string_view header) {
  return meaning_of(kHeaders, header);
}

std::string_view type_of_time(std::string_view header) {
  return meaning_of(kTimes, header).what;
}

bool says_utc(std::string_view header) {
  static constexpr std::string_view kUtc[] = {"utc", "gmt", "zulu"};
  return has_word(header, kUtc);
}

bool is_override(std::string_view header) {
  static constexpr std::string_view kTyped[] = {"manual", "typed", "corrected", "override", "korrigiert", "handmatig"};
  return has_word(header, kTyped);
}

std::string_view sense_of(std::string_view value) {
  return meaning_in(kSenses, joined(words_of(value), ""));
}

std::string_view type_in_words(std::string_view value) {
  const auto words = words_of(value);
  std::string_view found;
  for (std::size_t i = 0; words.size() >= 2 && i < kEventTypeCount; ++i) {
    const std::string_view type = info(static_cast<EventType>(i)).name;
    const auto parts = words_of(type);
    const bool all = std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return std::any_of(words.begin(), words.end(), [&](const std::string& w) { return same_stem(w, part); });
    });
    if (!all) continue;
    if (!found.empty()) return {};
    found = type;
  }
  return found;
}

}  // namespace quaywatch::ingest
