/* Methods by class and selector. */
#pragma once
#include "types.h"

/* The method that objects of a class answer a selector with, or NULL. The runtime's own search
   would try to resolve a missing one and stop the process over our root class. */
Method soft_method(Class cls, SEL selector);
