/* Making, holding and giving up objects; who holds them is told apart from outside and inside. */
#pragma once
#include "types.h"

/* A new object with one reference, which the library holds. */
id soft_make(Class cls);
/* Hands a new object to the caller as +1. */
id soft_give(id object);
/* Hands an object to the caller as +0, through the thread's pool. */
id soft_lend(id object);

/* What the library itself does; nil is allowed. */
id soft_hold(id object);
void soft_drop(id object);
void soft_assign(id *place, id object);

/* What callers do. */
id soft_caller_retain(id object);
void soft_caller_release(id object);
id soft_caller_autorelease(id object);

enum soft_state { SOFT_LIVE, SOFT_ZOMBIE, SOFT_CLASS, SOFT_UNKNOWN };
enum soft_state soft_state_of(id object);
/* The class as callers know it: without the prefix of the implementations. */
const char *soft_class_name(id object);

/* Whether an argument is a live object of a class; a finding and false otherwise. */
bool soft_is(id object, const char *class_name, const char *what);
/* The same where nil is allowed. */
bool soft_is_or_nil(id object, const char *class_name, const char *what);

void *soft_pool_push(void);
void soft_pool_pop(void *token);
bool soft_pool_add(id object);
