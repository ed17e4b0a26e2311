#!/usr/bin/env bash
# Lists the numbers of the lectures that tests assert, by source: eng/fidelity.sh [numbers.csv]
# With the list of all numbers (first column: the ids), says how many there are and which of them no test asserts, and fails if a
# test names an id that is in no row.
# With --write as the first argument, puts the table into docs/fidelity.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

write=false
if [[ ${1:-} == --write ]]; then
    write=true
    shift
fi
rows=${1:-}

declare -A titles=(
    [L01]="1: micrograd" [L02]="2: bigrams" [L03]="3: the MLP" [L04]="4: activations, batch norm" [L05]="5: backprop by hand"
    [L06]="6: WaveNet" [L07]="7: GPT" [L08]="8: the state of GPT" [L09]="9: the tokenizer" [L10]="10: GPT-2"
    [NB]="the notebook" [NT]="other notes" [ON]="notes on lecture 7"
)

asserted=$(grep -rhoE 'Trait\("Number", "[A-Z0-9-]+"\)' --include='*.cs' tests | grep -oE '[A-Z]+[0-9]*-[0-9]+' | sort -u)

# Writes sorted ids in one line, three or more in a row as the first and the last.
in_ranges() {
    awk -F- '
        function flush() {
            if (last == "") { return }
            out = out " " first
            if (last != first) { out = out (number(last) == number(first) + 1 ? " " : " to ") last }
        }
        function number(id) { sub(/.*-/, "", id); return id + 0 }
        NF == 2 { if (last != "" && $2 + 0 == number(last) + 1) { last = $0 } else { flush(); first = last = $0 } }
        END { flush(); print substr(out, 2) }'
}

# The ids of a source, of the list of all numbers.
listed() { cut -d, -f1 "$rows" | grep "^$1-" | sort -u || true; }

table() {
    echo "| source | asserted | numbers |${rows:+ not asserted |}"
    echo "|---|---|---|${rows:+---|}"
    local all=0 source ids count missing
    for source in L01 L02 L03 L04 L05 L06 L07 L08 L09 L10 NB NT ON; do
        ids=$(grep "^$source-" <<< "$asserted" || true)
        count=$(grep -c . <<< "$ids" || true)
        all=$((all + count))
        if [[ -z $rows ]]; then
            echo "| ${titles[$source]} | $count | $(in_ranges <<< "$ids") |"
        else
            missing=$(comm -13 <(echo "$ids") <(listed "$source") | in_ranges)
            echo "| ${titles[$source]} | $count of $(listed "$source" | wc -l) | $(in_ranges <<< "$ids") | $missing |"
        fi
    done
    if [[ -z $rows ]]; then
        echo "| **together** | **$all** | |"
    else
        echo "| **together** | **$all of $(($(wc -l < "$rows") - 1))** | | |"
    fi
}

if [[ -n $rows ]]; then
    unknown=$(comm -23 <(echo "$asserted") <(cut -d, -f1 "$rows" | sort -u))
    if [[ -n $unknown ]]; then
        echo "fidelity: tests name numbers that are in no row: $(paste -sd' ' <<< "$unknown")" >&2
        exit 1
    fi
fi

if $write; then
    page=docs/fidelity.md
    {
        sed '/<!-- table -->/q' "$page"
        table
        sed -n '/<!-- end of table -->/,$p' "$page"
    } > "$page.new"
    mv "$page.new" "$page"
else
    table
fi
