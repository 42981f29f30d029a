// Shared by the files of this target.
#pragma once
#include "CReadlineShim.h"

// Hooks the completer into readline.
void dn_completion_install(dn_completer completer, void *context);
