import Denoise
import Formats
import Graphics
import Lang
