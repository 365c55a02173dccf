// Standard input, output and error of the process. Called once, before anything is opened.
#pragma once

namespace quaywatch::io {

// A program may be started with one of them closed. The next file opened would take its number, and what is said to the
// person would be written into it, be it the journal: such a stream is opened so that every use of it fails instead.
void occupy_closed_standard_streams();

}  // namespace quaywatch::io
