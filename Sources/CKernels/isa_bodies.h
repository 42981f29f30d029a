// All kernels of one instruction set, and the table of them. See isa_*.c.
#include "tile_body.h"
#include "finish_body.h"
#include "winograd_body.h"
#include "gradient_body.h"
#include "scaling_body.h"
#include "windows_body.h"
#include "random_body.h"
#include "pointwise_body.h"
#include "partial_body.h"

const dn_kernels NAME(dn_kernels) = {
    .group = GROUP,
    .tile_log = {TILE_1, TILE_2},
    .tile = {{DN_TILE_NAMES(0, 1), DN_TILE_NAMES(0, 2)},
             {DN_TILE_NAMES(1, 1), DN_TILE_NAMES(1, 2)},
             {DN_TILE_NAMES(2, 1), DN_TILE_NAMES(2, 2)}},
    .few = {{NAME(few_0_1), NAME(few_0_2)},
            {NAME(few_1_1), NAME(few_1_2)},
            {NAME(few_2_1), NAME(few_2_2)}},
    .few_one = {{NAME(one_0_1), NAME(one_0_2)},
                {NAME(one_1_1), NAME(one_1_2)},
                {NAME(one_2_1), NAME(one_2_2)}},
    .finish = NAME(finish),
    .winograd_inputs = NAME(winograd_inputs),
    .winograd_gradients = NAME(winograd_gradients),
    .winograd_outputs = NAME(winograd_outputs),
    .gradient_rows = NAME(gradient_rows),
    .gradient_pairs = NAME(gradient_pairs),
    .pair_row = NAME(pair_row),
    .outer_rows = {NAME(outer_float), NAME(outer_half)},
    .sum_rows = NAME(sum_rows),
    .pass = {[DN_PASS_POOL] = NAME(pool),
             [DN_PASS_POOL_GRADIENT] = NAME(pool_gradient),
             [DN_PASS_UPSAMPLE] = NAME(upsample),
             [DN_PASS_UPSAMPLE_GRADIENT] = NAME(upsample_gradient),
             [DN_PASS_NEIGHBOUR_MAX] = NAME(neighbour_max),
             [DN_PASS_NEIGHBOUR_MAX_GRADIENT] = NAME(neighbour_max_gradient),
             [DN_PASS_CONTRACT] = NAME(contract),
             [DN_PASS_EXPAND] = NAME(expand),
             [DN_PASS_ACTIVATION] = NAME(activation),
             [DN_PASS_ACTIVATION_GRADIENT] = NAME(activation_gradient),
             [DN_PASS_NORM_APPLY] = NAME(norm_apply),
             [DN_PASS_NORM_SUMS] = NAME(norm_sums),
             [DN_PASS_NORM_GRADIENT] = NAME(norm_gradient),
             [DN_PASS_PARTIAL] = NAME(partial),
             [DN_PASS_PARTIAL_GRADIENT] = NAME(partial_gradient),
             [DN_PASS_DROPOUT] = NAME(dropout),
             [DN_PASS_ADAM] = NAME(adam),
             [DN_PASS_SQUARES] = NAME(squares)},
};
