#include "telling/texts.h"

#include <iterator>

#include "telling/notice.h"

namespace quaywatch::telling {
namespace {

constexpr Texts kTexts[] = {
    {.language = Language::en,
     .levels = {"informational", "low", "medium", "high", "critical"},
     .many = {"informational", "low", "medium", "high", "critical"},
     .news = kNewsNames,
     .statuses = {"provisional", "final", "withdrawn"},
     .waiting = {"a set of rules waits for a second person", "an agreement on staff data waits for a second person",
                 "an unmasking waits for a second person", "broken glass waits for its review",
                 "a case that is handed over waits for an answer", "a case that you handed on has ended"},
     .kinds = {"sets of rules", "agreements", "unmaskings", "broken glass", "hand-overs", "cases that ended"},
     .alerts = "{} alerts: {}",
     .came = "{} alerts came within a minute: {}.",
     .more = "and {} more, all in the queue of the console.",
     .requests = "{} matters wait in the console: {}",
     .rests_in_console = "What it rests on is in the console alone.",
     .is_in_console = "What it is about is in the console alone."},
    {.language = Language::es,
     .levels = {"informativa", "baja", "media", "alta", "crítica"},
     .many = {"informativas", "bajas", "medias", "altas", "críticas"},
     .news = {"nueva", "revisada", "retirada"},
     .statuses = {"provisional", "definitiva", "retirada"},
     .waiting = {"un conjunto de reglas espera a una segunda persona",
                 "un acuerdo sobre datos del personal espera a una segunda persona",
                 "una petición de revelar un seudónimo espera a una segunda persona",
                 "un cristal roto espera su revisión", "un caso que se entrega espera respuesta",
                 "un caso que ustedes entregaron ha terminado"},
     .kinds = {"conjuntos de reglas", "acuerdos", "seudónimos", "cristales rotos", "entregas de casos",
               "casos terminados"},
     .alerts = "{} alertas: {}",
     .came = "Han llegado {} alertas en un minuto: {}.",
     .more = "y {} más, todas en la cola de la consola.",
     .requests = "{} asuntos esperan en la consola: {}",
     .rests_in_console = "En qué se basa está solo en la consola.",
     .is_in_console = "De qué trata está solo en la consola."},
};
static_assert(std::size(kTexts) == kLanguages.size());

}  // namespace

const Texts& texts(Language language) { return kTexts[static_cast<std::size_t>(language)]; }

}  // namespace quaywatch::telling
