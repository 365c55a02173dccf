// How much of the machine a thread asks for.
#pragma once

namespace quaywatch::io {

// The calling thread gives way to whatever else wants the processor, for the rest of its life (nice 19). A system that
// does not allow it is left as it is: the work is then only less polite.
void give_way();

}  // namespace quaywatch::io
