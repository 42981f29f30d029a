#pragma once
#include "CPNGEncode.h"
