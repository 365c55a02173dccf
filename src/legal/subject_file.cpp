#include "legal/subject_file.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "legal/speaking.h"

namespace quaywatch::legal {
namespace {

constexpr Words kTime{"Time (UTC)", "Hora (UTC)"};
constexpr Words kRecordKind{"Kind of record", "Tipo de registro"};
constexpr Words kOrganisation{"Organisation", "Organización"};

constexpr Words kClassWords[] = {
    {"", ""}, {"account", "cuenta"}, {"card", "tarjeta"}, {"name", "nombre"}, {"plate", "matrícula"}};

constexpr Words kEndWords[] = {
    {"looked at and laid aside", "examinada y archivada"},
    {"its case was closed", "su caso se cerró"},
    {"withdrawn", "retirada"},
};

struct RoleWords {
  std::string_view role;
  Words words;
};
constexpr RoleWords kRoles[] = {
    {"administrator", {"administrator", "administrador"}},
    {"officer", {"officer", "agente"}},
    {"viewer", {"viewer", "lector"}},
    {"auditor", {"auditor", "auditor"}},
    {"feeder", {"feeder", "alimentador"}},
    {"gate", {"gate guard", "vigilante de puerta"}},
};

constexpr Words kFurther{
    "Nothing further can be stated in answer to this request. The law lets a controller leave out what others must do "
    "unhindered to prevent, investigate or prosecute offences, and does not let him say whether there is any (GDPR "
    "Article 23, Directive (EU) 2016/680 Article 15, and national law). Every answer of this site says so.",
    "No puede indicarse nada más en respuesta a esta solicitud. La ley permite al responsable omitir lo que otros "
    "deben poder hacer sin estorbo para prevenir, investigar o perseguir delitos, y no le permite decir si lo hay "
    "(RGPD, artículo 23; Directiva (UE) 2016/680, artículo 15, y ley nacional). Toda respuesta de este sitio lo dice."};

constexpr Words kRights[] = {
    {"To have what is wrong put right, and whoever was given it told (Articles 16 and 19). What came from a feed is "
     "put right by its controller, and comes in again.",
     "A que se rectifique lo que es erróneo y se avise a quien se le dio (artículos 16 y 19). Lo que vino de una "
     "fuente lo rectifica su responsable, y vuelve a entrar."},
    {"To erasure, restriction and objection, where the law gives it (Articles 17, 18 and 21).",
     "A la supresión, la limitación y la oposición, cuando la ley lo concede (artículos 17, 18 y 21)."},
    {"To complain to a supervisory authority (Article 77), which can also look at what cannot be stated.",
     "A reclamar ante una autoridad de control (artículo 77), que también puede examinar lo que no puede indicarse."},
    {"No person is scored, and nothing is decided by the program (Article 22): a rule states a circumstance, people "
     "decide.",
     "Ninguna persona recibe una puntuación y el programa no decide nada (artículo 22): una regla constata una "
     "circunstancia; deciden personas."},
};

std::string role_words(const Speaking& m, const std::string& role) {
  const auto is_it = [&](const RoleWords& r) { return r.role == role; };
  const auto at = std::find_if(std::begin(kRoles), std::end(kRoles), is_it);
  return at == std::end(kRoles) ? role : m.in(at->words);
}

// Never that there is none: something may have been left out.
Section with_none(const Speaking& m, Section section) {
  if (section.rows.empty()) {
    section.columns.clear();
    section.rows.push_back({{m.in({"nothing that can be stated", "nada que pueda indicarse"})}});
  }
  return section;
}

Section request_section(const Speaking& m, const Held& held) {
  std::vector<std::string> known;
  for (const Identifier& i : held.identifiers)
    known.push_back(fmt::format("{}: {}", m.in(kClassWords[static_cast<std::size_t>(i.personal)]), i.pseudonym));
  return {m.in({"The request", "La solicitud"}),
          m.in({"What you gave is kept as a pseudonym; below it stands for you. Other persons stay pseudonyms.",
                "Lo que usted indicó se guarda como seudónimo; en adelante le representa. Las demás personas siguen "
                "siendo seudónimos."}),
          {},
          {{{m.in({"Number", "Número"})}, {fmt::to_string(held.number)}},
           {{m.in({"Received on", "Recibida el"})}, {day_text(held.received_on)}},
           {{m.in({"Known as", "Conocido como"})}, {joined(known)}},
           {{m.in(kController)}, m.stated(held.statements, "controller")},
           {{m.in(kContact)}, m.stated(held.statements, "contact")},
           {{m.in(kOfficer)}, m.stated(held.statements, "data_protection_officer")},
           {{m.in(kTransfers)}, m.stated(held.statements, "transfers")}}};
}

// Controller, purpose, legal basis, retention.
Row cells_of_contract(const Speaking& m, const Feed& feed) {
  return {m.of_feed(feed, feed.controller, "name"), m.of_feed(feed, feed.purpose, "purpose"),
          m.of_feed(feed, feed.basis, "basis"), m.of_feed(feed, feed.retention, "retention")};
}

Row cells_of_ours(const Speaking& m, const Held& held) {
  return {m.stated(held.statements, "controller"),
          {m.in({"Knowing who looked at what.", "Saber quién consultó qué."})},
          {m.in({"Accountability (Article 5(2)).", "Responsabilidad proactiva (artículo 5.2)."})},
          {m.in({"As long as the journal.", "Mientras exista el diario."})}};
}

Section feeds_section(const Speaking& m, const Held& held) {
  Section out{m.in({"What is held, and why", "Qué se conserva y para qué"}),
              m.in({"Records that name you, by where they came from. The controller of a feed is their source.",
                    "Registros que le nombran, según su procedencia. El responsable de una fuente es su origen."}),
              m.heads({kFeed, {"Records", "Registros"}, {"From", "Desde"}, {"Until", "Hasta"}, kController, kPurpose,
                       kLegalBasis, kRetention}),
              {}};
  for (const HeldFeed& f : held.feeds) {
    Row row{{f.stated.name}, {fmt::to_string(f.records)}, {format_rfc3339(f.first)}, {format_rfc3339(f.last)}};
    for (Cell& cell : f.is_of_ours ? cells_of_ours(m, held) : cells_of_contract(m, f.stated))
      row.push_back(std::move(cell));
    out.rows.push_back(std::move(row));
  }
  return with_none(m, std::move(out));
}

Section kinds_section(const Speaking& m, const Held& held) {
  std::set<EventType> types;
  for (const HeldRecord& r : held.records) types.insert(r.type);
  Section out{m.in({"Kinds of records", "Tipos de registro"}),
              m.in({"Meanings are those of the field catalogue.",
                    "Los significados son los del catálogo de campos."}),
              m.heads({kRecordKind, {"Meaning", "Significado"}}),
              {}};
  for (const EventType t : types) out.rows.push_back({{std::string(info(t).name)}, {m.meaning(info(t).sentence)}});
  return with_none(m, std::move(out));
}

Section records_section(const Speaking& m, const Held& held) {
  Section out{m.in({"The records", "Los registros"}),
              held.all_records > held.records.size()
                  ? m.fill({"The newest {} of {}.", "Los {} más recientes de {}."}, held.records.size(),
                           held.all_records)
                  : std::string{},
              m.heads({kTime, kFeed, kRecordKind, {"Of you", "De usted"}, {"Besides", "Además"}}),
              {}};
  for (const HeldRecord& r : held.records)
    out.rows.push_back({{format_rfc3339(r.at)},
                        {r.feed},
                        {std::string(info(r.type).name)},
                        {joined(r.own)},
                        {joined(r.others)}});
  return with_none(m, std::move(out));
}

Section alerts_section(const Speaking& m, const Held& held) {
  Section out{m.in({"Alerts", "Alertas"}),
              m.in({"An alert states a circumstance in records. It is no finding about a person.",
                    "Una alerta constata una circunstancia en los registros. No es una conclusión sobre una persona."}),
              m.heads({kTime, {"What it states", "Qué constata"}, {"What came of it", "En qué quedó"}}),
              {}};
  for (const HeldAlert& a : held.alerts)
    out.rows.push_back({{format_rfc3339(a.at)}, {a.title}, {m.in(kEndWords[static_cast<std::size_t>(a.end)])}});
  return with_none(m, std::move(out));
}

Section cases_section(const Speaking& m, const Held& held) {
  Section out{m.in({"Cases", "Casos"}),
              {},
              m.heads({{"Opened (UTC)", "Abierto (UTC)"}, {"Closed (UTC)", "Cerrado (UTC)"}}),
              {}};
  for (const HeldCase& c : held.cases)
    out.rows.push_back({{format_rfc3339(c.opened_at)}, {format_rfc3339(c.closed_at)}});
  return with_none(m, std::move(out));
}

Section looks_section(const Speaking& m, const Words& title, const std::string& lead,
                      const std::vector<HeldLook>& looks) {
  Section out{m.in(title), lead, m.heads({kTime, {"By whom", "Por quién"}, kOrganisation}), {}};
  for (const HeldLook& l : looks)
    out.rows.push_back({{format_rfc3339(l.at)}, {role_words(m, l.role)}, {l.organisation}});
  return with_none(m, std::move(out));
}

Section recipients_section(const Speaking& m, const Held& held) {
  Section out{m.in({"To whom it was or may be given", "A quién se dio o puede darse"}),
              m.in({"Who may read the feeds that name you, and who was given a case named above. Authorities "
                    "that ask in a particular inquiry are no recipients (Article 4(9)).",
                    "Quién puede leer las fuentes que le nombran y a quién se dio un caso de los anteriores. Las "
                    "autoridades que preguntan en una investigación concreta no son destinatarios (artículo 4.9)."}),
              m.heads({kOrganisation}),
              {}};
  for (const Recipient& r : held.recipients) out.rows.push_back({{r.organisation}});
  return with_none(m, std::move(out));
}

Section rights_section(const Speaking& m) {
  Section out{m.in({"Your rights", "Sus derechos"}), {}, {}, {}};
  for (const Words& w : kRights) out.rows.push_back({{m.in(w)}});
  return out;
}

}  // namespace

Document subject_file(const Held& held, Language language) {
  const Speaking m{language};
  return {"subject",
          m.in({"What is held on one person", "Qué se conserva sobre una persona"}),
          m.in({"Answer to a request for access (GDPR Article 15).",
                "Respuesta a una solicitud de acceso (RGPD, artículo 15)."}),
          language,
          {request_section(m, held), feeds_section(m, held), kinds_section(m, held), records_section(m, held),
           alerts_section(m, held), cases_section(m, held),
           looks_section(m, {"Who saw in clear what a pseudonym stands for", "Quién vio en claro un seudónimo"},
                         {}, held.unmaskings),
           looks_section(m, {"Who looked you up here", "Quién le consultó aquí"},
                         held.lookups_from ? m.fill({"From {} on.", "Desde {}."}, format_rfc3339(*held.lookups_from))
                                           : std::string{},
                         held.lookups),
           recipients_section(m, held), rights_section(m),
           {m.in({"What else", "Qué más"}), m.in(kFurther), {}, {}}}};
}

}  // namespace quaywatch::legal
