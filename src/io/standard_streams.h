// Standard input, output and error of the process. Called once, before anything is opened.
#pragma once

namespace quaywatch::io {

// A program may be started with one of them closed. The next file opened would take its number, and what is said to the
// person would be written into it, be it the journal: such a stream is opened so that every use of it fails instead.
void occupy_closed_standard_streams();

// Ends the process with this exit status, and takes nothing apart: what a run over millions of events has in memory
// takes the system a moment to take back, and this process a tenth of its time. What is open must be written and closed
// by then.
[[noreturn]] void end_process(int status);

}  // namespace quaywatch::io
