#include "legal/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/text.h"
#include "legal/speaking.h"
#include "rules/staff_data.h"
#include "rules/texts.h"

namespace quaywatch::legal {
namespace {

// --- words ----------------------------------------------------------------------------------------------------------

constexpr Words kNone{"none", "ninguno"};
constexpr Words kByFormat{"what the messages of its format hold", "lo que contengan los mensajes de su formato"};

constexpr Words kClasses[] = {
    {"", ""},
    {"{}: accounts, so people with a log-in", "{}: cuentas, es decir, personas con acceso a un sistema"},
    {"{}: cards and badges, so their holders", "{}: tarjetas y pases, es decir, sus titulares"},
    {"{}: persons by name", "{}: personas por su nombre"},
    {"{}: plates, so keepers and drivers of vehicles",
     "{}: matrículas, es decir, titulares y conductores de vehículos"},
};

constexpr Words kPersonal{"Personal data, and whose", "Datos personales, y de quién"};
constexpr Words kRegime{"Regime", "Régimen"};
constexpr Words kRecipients{"Who may read it here", "Quién puede leerlo aquí"};
constexpr Words kCorrections{"How a correction gets in", "Cómo entra una rectificación"};
constexpr Words kRule{"Rule", "Regla"};
constexpr Words kReads{"Reads", "Lee"};
constexpr Words kNotFor{"Not to be used for", "No debe usarse para"};
constexpr Words kInnocent{"Honest explanations of a match", "Explicaciones inocentes de una coincidencia"};
constexpr Words kVersion{"Version", "Versión"};

constexpr Words kAgreement{"Agreement", "Acuerdo"};
constexpr Words kAgreed{"{} ({}), {} to {}", "{} ({}), de {} a {}"};
constexpr Words kOff{"the rule is off; record one with 'quaywatch agreement record'",
                     "la regla está desactivada; registre uno con 'quaywatch agreement record'"};

constexpr Words kCorrectionWords[] = {
    {"a file sent again replaces what the earlier one said of its time",
     "un fichero enviado de nuevo sustituye lo que el anterior decía de su periodo"},
    {"a file sent again replaces all that the earlier one said",
     "un fichero enviado de nuevo sustituye todo lo que decía el anterior"},
    {"a record that corrects or cancels one is taken beside it",
     "un registro que rectifica o anula otro se añade junto a él"},
};

constexpr Words kAccess{
    "A request (Articles 15 and 16) goes to the controller of the records, whose system is their source. What is "
    "corrected there comes in again, and alerts are judged again; what stood before stays in the journal, replaced. "
    "Whoever was told an alert is told when it changes by that (Article 19). What is held here on one person is "
    "gathered into one answer, and a correction is closed when each receiver was told.",
    "Una solicitud (artículos 15 y 16) se dirige al responsable de los registros, cuyo sistema es su origen. Lo que "
    "allí se rectifica vuelve a entrar y las alertas se juzgan de nuevo; lo anterior queda en el diario, sustituido. "
    "Si una alerta cambia por ello, se avisa a quien la recibió (artículo 19). Lo que aquí se conserva sobre una "
    "persona se reúne en una respuesta, y una rectificación se cierra cuando se avisó a cada destinatario."};

constexpr Words kMeasures[] = {
    {"Personal values are shown as pseudonyms on every way out. To see one in clear needs an alert or a case, a reason "
     "and a second person, who grants it or, in an emergency, reviews it; or the files of the site and the command "
     "line. Both are recorded.",
     "Los valores personales se muestran como seudónimos en toda salida. Ver uno en claro exige una alerta o un caso, "
     "un motivo y una segunda persona, que lo concede o, en una emergencia, lo revisa; o los ficheros del sitio y la "
     "línea de órdenes. Ambas vías quedan registradas."},
    {"In the journal each personal value is encrypted with a key of its person and month; without the key it is gone.",
     "En el diario cada valor personal se cifra con una clave de su persona y mes; sin la clave deja de existir."},
    {"The journal is append-only and hashed as a whole: what was changed afterwards shows.",
     "El diario solo crece y tiene un resumen criptográfico: todo cambio posterior se nota."},
    {"Walls stand between organisations, per record and per field; what a reader may not see is not counted either.",
     "Hay muros entre organizaciones, por registro y por campo; lo que un lector no puede ver tampoco se cuenta."},
    {"Every look-up of a box, release, alert or case by our users is recorded before it is shown, and rules judge it.",
     "Toda consulta de un contenedor, una entrega, una alerta o un caso se registra antes de mostrarse, y hay reglas "
     "que la juzgan."},
    {"Passwords are kept as argon2id; a second factor can be demanded by role; five wrong attempts lock.",
     "Las contraseñas se guardan con argon2id; puede exigirse un segundo factor por función; cinco intentos fallidos "
     "bloquean."},
    {"No person is scored, and no alert is listed or counted by person. A rule states a circumstance; people decide.",
     "Ninguna persona recibe una puntuación, y ninguna alerta se lista ni cuenta por persona. Una regla constata una "
     "circunstancia; deciden personas."},
    {"Another set of rules needs a second person, or a reviewer from outside where there is none, and is on record.",
     "Otro conjunto de reglas exige una segunda persona o, si no la hay, un revisor externo, y queda registrado."},
};

// --- cells ----------------------------------------------------------------------------------------------------------

struct Making : Speaking {
  const Basis& basis;

  Making(const Basis& made_of, Language in_language) : Speaking{in_language}, basis(made_of) {}
  Cell stated(std::string_view key) const { return Speaking::stated(basis.statements, key); }
};

// The fields, class by class.
Cell personal_cell(const Making& m, const std::vector<FieldId>& fields) {
  std::vector<std::string> out;
  for (std::size_t of = 1; of < std::size(kClasses); ++of) {
    std::vector<std::string> names;
    for (const FieldId f : fields)
      if (static_cast<std::size_t>(info(f).personal) == of) names.emplace_back(info(f).name);
    if (!names.empty()) out.push_back(m.fill(kClasses[of], joined(names)));
  }
  return {out.empty() ? m.in(kNone) : joined(out, "; ")};
}

std::vector<FieldId> read_by(const rules::Rule& rule) {
  std::vector<FieldId> out;
  for (const std::string& name : rule.legal_reads)
    if (const auto field = find_field(name)) out.push_back(*field);
  return out;
}

bool reads(const Recipient& r, const std::string& owner) {
  return std::any_of(r.owners.begin(), r.owners.end(), [&](const std::string& o) { return o == "*" || o == owner; });
}

Cell recipients_cell(const Making& m, const Feed& feed) {
  std::vector<std::string> out;
  for (const Recipient& r : m.basis.recipients)
    if (std::all_of(feed.owners.begin(), feed.owners.end(), [&](const std::string& o) { return reads(r, o); }))
      out.push_back(fmt::format("{} ({})", r.organisation, r.kind));
  return {out.empty() ? m.in(kNone) : joined(out)};
}

Cell agreement_cell(const Making& m, const rules::Rule& rule) {
  std::vector<std::string> out;
  for (const Agreement& a : m.basis.agreements)
    if (a.rules.empty() || std::find(a.rules.begin(), a.rules.end(), rule.id) != a.rules.end())
      out.push_back(m.fill(kAgreed, a.reference, a.parties, a.from, a.until));
  return out.empty() ? Cell{m.in(kOff), true} : Cell{joined(out, "; ")};
}

// --- sections -------------------------------------------------------------------------------------------------------

Section site_section(const Making& m, std::initializer_list<std::pair<Words, std::string_view>> rows) {
  Section out{m.in({"The site", "El sitio"}), {}, {}, {}};
  for (const auto& [what, key] : rows) out.rows.push_back({{m.in(what)}, m.stated(key)});
  return out;
}

// What no mapping names is kept until one does, and belongs to no feed.
Cell name_cell(const Making& m, const Feed& f) {
  return {f.name.empty() ? m.in({"Files of no feed", "Archivos de ninguna fuente"}) : f.name};
}

Section feeds_section(const Making& m) {
  Section out{m.in({"Activities, one per feed", "Actividades, una por fuente"}),
              m.in({"As the contract of each feed states it.", "Según consta en el contrato de cada fuente."}),
              m.heads({kFeed, kController, kRegime, kPurpose, kLegalBasis, kPersonal, kRecipients, kRetention}),
              {}};
  for (const Feed& f : m.basis.feeds)
    out.rows.push_back({name_cell(m, f),
                        m.of_feed(f, f.controller, "name"),
                        m.of_feed(f, f.regime, "regime"),
                        m.of_feed(f, f.purpose, "purpose"),
                        m.of_feed(f, f.basis, "basis"),
                        f.is_known ? personal_cell(m, f.personal) : Cell{m.in(kByFormat)},
                        recipients_cell(m, f),
                        m.of_feed(f, f.retention, "retention")});
  return out;
}

Section own_users_section(const Making& m) {
  return {m.in({"Activity: users of this system", "Actividad: usuarios de este sistema"}),
          {},
          {},
          {{{m.in(kController)}, m.stated("controller")},
           {{m.in(kPurpose)},
            {m.in({"Letting nobody in who should not be, and knowing who looked at what and decided what.",
                   "Que no entre quien no debe, y saber quién consultó y quién decidió qué."})}},
           {{m.in(kPersonal)},
            {m.in({"Login, name, organisation, roles, accounts and cards linked to the user; look-ups and decisions.",
                   "Usuario, nombre, organización, funciones, cuentas y tarjetas; consultas y decisiones."})}},
           {{m.in(kRecipients)},
            {m.in({"Auditors of the user's own organisation; administrators, without look-ups.",
                   "Auditores de la propia organización; administradores, sin las consultas."})}},
           {{m.in(kRetention)},
            {m.in({"As long as the journal: there is no way yet to erase one of the site's own users.",
                   "Mientras exista el diario: todavía no se puede borrar a un usuario propio."})}}}};
}

Section access_section(const Making& m) {
  Section out{m.in({"Access and correction", "Acceso y rectificación"}),
              m.in(kAccess),
              m.heads({kFeed, kController, kCorrections}),
              {}};
  for (const Feed& f : m.basis.feeds)
    out.rows.push_back({name_cell(m, f),
                        m.of_feed(f, f.controller, "name"),
                        {m.in(kCorrectionWords[static_cast<std::size_t>(f.correction)])}});
  return out;
}

Section measures_section(const Making& m) {
  Section out{m.in({"Measures", "Medidas"}), {}, m.heads({{"Of the program", "Del programa"}}), {}};
  for (const Words& w : kMeasures) out.rows.push_back({{m.in(w)}});
  return out;
}

std::vector<const rules::Rule*> on_people(const Basis& basis) {
  std::vector<const rules::Rule*> out;
  for (const rules::Rule* r : basis.rules)
    if (!r->legal_reads.empty()) out.push_back(r);
  return out;
}

// Texts of a rule, one behind the other.
Cell said(const Making& m, std::vector<std::string> english) {
  for (std::string& text : english) text = rules::text_in(m.language, text);
  return {joined(english, " ")};
}

Section rules_section(const Making& m, Section out, const std::vector<const rules::Rule*>& rules) {
  out.columns = m.heads({kRule, kReads, kPurpose, kNotFor, kInnocent, kVersion});
  for (const rules::Rule* r : rules)
    out.rows.push_back({said(m, {r->title}),
                        personal_cell(m, read_by(*r)),
                        said(m, {r->legal_purpose}),
                        said(m, {r->legal_not_for}),
                        said(m, r->false_positives),
                        {r->version}});
  return out;
}

// --- documents ------------------------------------------------------------------------------------------------------

Document begin(const Making& m, std::string_view name, const Words& title, const Words& lead) {
  return {std::string(name), m.in(title), m.in(lead), m.language, {}};
}

Document processing(const Basis& basis, Language language) {
  const Making m{basis, language};
  Document out = begin(m, "processing", {"Record of processing activities", "Registro de actividades de tratamiento"},
                       {"GDPR Article 30, and how Articles 15, 16 and 19 are answered. Holds what its reader may see.",
                        "RGPD, artículo 30, y cómo se atienden los artículos 15, 16 y 19. Contiene lo que su lector "
                        "puede ver."});
  out.sections = {
      site_section(m, {{kController, "controller"},
                       {kContact, "contact"},
                       {kOfficer, "data_protection_officer"},
                       {kTransfers, "transfers"}}),
      feeds_section(m), own_users_section(m), measures_section(m), access_section(m)};
  return out;
}

Document assessment(const Basis& basis, Language language) {
  const Making m{basis, language};
  Document out =
      begin(m, "assessment", {"Data protection impact assessment, draft", "Evaluación de impacto, borrador"},
            {"GDPR Article 35(7), as far as the program knows it. Whether a risk is acceptable is for the controller.",
             "RGPD, artículo 35.7, en lo que el programa sabe. Si un riesgo es aceptable lo decide el responsable."});
  Section described = feeds_section(m);
  described.title = m.in({"(a) The processing and its purposes", "a) El tratamiento y sus fines"});
  Section needed{m.in({"(b) Need and proportion, rule by rule", "b) Necesidad y proporción, regla por regla"}),
                 m.in({"Every rule that reads personal data, as it states it. Others are not listed.",
                       "Toda regla que lee datos personales, según lo que declara. Las demás no se listan."}),
                 {},
                 {}};
  const auto rules = on_people(basis);
  Section risks = site_section(
      m, {{{"Risks to people, and how grave", "Riesgos para las personas, y su gravedad"}, "risks"}});
  risks.title = m.in({"(c) Risks", "c) Riesgos"});
  risks.lead = m.in({"What the rules name as honest explanations stands under (b): each is a person wrongly looked at.",
                     "Lo que las reglas declaran como explicaciones inocentes figura en b): cada una es una persona "
                     "observada sin motivo."});
  Section measures = measures_section(m);
  measures.title = m.in({"(d) Measures", "d) Medidas"});
  Section asked = site_section(m, {{{"Advice of the data protection officer (Article 35(2))",
                                     "Asesoramiento del delegado de protección de datos (artículo 35.2)"},
                                    "advice"},
                                   {{"Views of those concerned (Article 35(9))",
                                     "Opinión de los interesados (artículo 35.9)"},
                                    "views"}});
  asked.title = m.in({"Who was asked", "A quién se consultó"});
  out.sections = {std::move(described), rules_section(m, std::move(needed), rules), std::move(risks),
                  std::move(measures), std::move(asked)};
  return out;
}

Document staff(const Basis& basis, Language language) {
  const Making m{basis, language};
  Document out = begin(m, "staff", {"What rules read of staff", "Qué leen las reglas sobre el personal"},
                       {"For the works council (GDPR Article 88 and national law): every rule that reads accounts, "
                        "cards or names of people who work at the port.",
                        "Para la representación del personal (RGPD, artículo 88, y ley nacional): toda regla que lee "
                        "cuentas, tarjetas o nombres de quienes trabajan en el puerto."});
  std::vector<const rules::Rule*> rules;
  std::set<FieldId> read;
  for (const rules::Rule* r : basis.rules) {
    if (!rules::reads_staff_data(*r)) continue;
    rules.push_back(r);
    for (const FieldId f : read_by(*r))
      if (rules::is_staff_data(f)) read.insert(f);
  }
  Section fields{m.in({"The fields", "Los campos"}),
                 m.in({"All that these rules read of staff. Meanings are those of the field catalogue.",
                       "Todo lo que estas reglas leen del personal. Los significados son los del catálogo de campos."}),
                 m.heads({{"Field", "Campo"}, {"Meaning", "Significado"}}),
                 {}};
  for (const FieldId f : read)
    fields.rows.push_back({{std::string(info(f).name)}, {m.meaning(info(f).sentence)}});
  Section of_rules = rules_section(m, {m.in({"The rules", "Las reglas"}), {}, {}, {}}, rules);
  of_rules.columns.insert(of_rules.columns.begin() + 1, m.in(kAgreement));
  for (std::size_t i = 0; i < rules.size(); ++i)
    of_rules.rows[i].insert(of_rules.rows[i].begin() + 1, agreement_cell(m, *rules[i]));
  out.sections = {std::move(of_rules), std::move(fields), measures_section(m)};
  return out;
}

constexpr Kind kDocuments[] = {{"processing", processing}, {"assessment", assessment}, {"staff", staff}};

}  // namespace

std::span<const Kind> documents() {
  return kDocuments;
}

const Kind* find_document(std::string_view name) {
  const auto at =
      std::find_if(std::begin(kDocuments), std::end(kDocuments), [&](const Kind& k) { return k.name == name; });
  return at == std::end(kDocuments) ? nullptr : &*at;
}

}  // namespace quaywatch::legal
