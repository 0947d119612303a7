/* Every message of a caller comes through here: counted, checked, failed on demand. */
#pragma once
#include "types.h"

/* The implementation that a message of a caller reaches; never NULL. Called by objc_msgSend. */
IMP soft_lookup(id self, SEL selector, bool stret);
bool soft_is_class(Class cls);
/* Counts a call of a C function; whether it is to fail. */
bool soft_function_fails(const char *name);
/* Whether an entry point other than objc_msgSend may touch an object. */
bool soft_entry_ok(id object, const char *what);
