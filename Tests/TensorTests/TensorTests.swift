import Testing

import TensorEngine
