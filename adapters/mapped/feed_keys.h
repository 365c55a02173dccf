// The keys of a mapping that say what a feed promises and what it leans on: until when a file is complete, when files
// arrive, what a later one replaces, from when its dates are plausible; reference tables, and the fields that look
// things up in them. They read a Document into its mapping and complain there.
#pragma once

#include "adapters/mapped/document.h"

namespace quaywatch::adapters::mapped {

void read_promises(Document& document, const toml::table& top);
void read_tables(Document& document, const toml::table& top, const ReadTable& read_file);
// `lookup` of a field; nothing where the field has none.
void read_lookup(Document& document, const toml::table& field, FieldRule& rule);

}  // namespace quaywatch::adapters::mapped
