import Testing

import Denoise
