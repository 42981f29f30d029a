// The program's side of the readers' server.
#pragma once
#include "messages.h"

// Gives a reader's ends to the server, which is started where it is not there: 0, or DN_H5_NO_LIBRARY
// or DN_H5_NO_READER with the reason, or DN_H5_LOST where it has just ended.
int dn_h5_hand_over(dn_h5_ends ends, char *message);
int dn_h5_has_server(void);
