import Testing

import Graphics
