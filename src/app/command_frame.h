// The words around the commands that CLI11 itself says: headings of the help, and what is wrong with a command line.
#pragma once

#include <CLI/CLI.hpp>

namespace quaywatch::app {

// Before any option or command is added: they inherit it.
void say_frame(CLI::App& app);

// Prints the help or version that was asked for, or what is wrong. Returns the exit code.
int refuse(const CLI::App& app, const CLI::ParseError& error);

}  // namespace quaywatch::app
