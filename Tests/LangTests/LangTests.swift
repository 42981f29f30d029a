import Testing

import Lang
