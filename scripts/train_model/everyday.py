"""What people say at night that is no command: templates of everyday sentences, so that there is something to refuse.

A word in braces stands for one of its list. They are ours, and no subject of the bench's own is among them.
"""

from __future__ import annotations

from collections.abc import Mapping

_LISTS = """
who: my mother, my father, your brother, the neighbour, our teacher, that man, the old lady, the boss, my sister,
    the driver, everybody, nobody, the children, her husband, his wife, a friend of mine, the doctor, the new guy
past: came home late, forgot the keys, bought a new car, called me twice, missed the train, lost the game, found a
    job, told me a story, left the window open, went to the market, sold the house, broke the chair, paid the bill,
    fell asleep on the sofa, burned the dinner, won the election, watched the match, moved to another city
thing: the door, the remote, the radio, the blanket, the garden, the computer, the kitchen, the camera, the window,
    the basement, the letter, the picture, the money, the ladder, the program, the carpet, the bicycle, the battery
time: tonight, tomorrow, yesterday, next week, on monday, last summer, in the morning, after dinner, at the weekend,
    every evening, before lunch, in a minute, at half past nine, two years ago, on my birthday, by friday
place: in london, at the station, in the garage, on the roof, behind the school, near the river, at the office, in
    the hospital, upstairs, downtown, by the sea, at the airport, in front of the church, across the street
how: very, quite, really, rather, so, too, not, pretty, almost, extremely
quality: expensive, cheap, noisy, boring, funny, strange, careful, famous, dirty, beautiful, dangerous, lovely,
    ordinary, useful, simple, nervous, hungry, busy, angry, lazy
number: three, seven, twelve, fifteen, twenty, thirty five, forty, sixty two, a hundred, two thousand, eight
    million, one and a half, nineteen ninety nine
unit: dollars, pounds, miles, people, minutes, points, percent, degrees, votes, tickets, pages, houses
topic: the weather, the news, the government, the football, the economy, the traffic, the concert, that film, her
    birthday, the holidays, school, the price of petrol, the election, the new neighbours, the royal family, the
    police
"""
"""A line that is not indented begins a list."""

LISTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(words.split(", "))
    for name, words in (part.split(": ") for part in _LISTS.replace("\n    ", " ").strip().split("\n"))
}

TEMPLATES = tuple(
    """
    {who} {past} {time}
    {who} {past}
    did you see {thing} {place}
    have you heard about {topic}
    i was talking to {who} about {topic} {time}
    could you turn off {thing}
    who left {thing} {place}
    it was {how} {quality}
    {topic} was {how} {quality} {time}
    that will cost {number} {unit}
    more than {number} {unit} were counted {time}
    and now the news about {topic}
    we will be back after the break
    stay with us for more on {topic}
    officials said {time} that {number} {unit} were involved
    the temperature will reach {number} degrees {time}
    rain is expected {place} {time}
    he scored after {number} minutes
    are you still awake
    did you lock {thing}
    turn the light off please
    i have to get up early {time}
    what time is it
    is there any water {place}
    did you feed the dog
    i can hear {who} snoring
    move over a little
    you took all the blankets
    i had a strange dream {time}
    let's talk about {topic} {time}
    good night sweetheart
    see you {time}
    {who} said that {topic} was {how} {quality}
    i do not believe that {who} {past}
    why would {who} do that
    she never told me about {topic}
    we need to buy milk and bread {time}
    there are {number} {unit} in the box
    the train to the city leaves in {number} minutes
    do you remember when {who} {past}
    i think {thing} is {how} {quality}
    put {thing} {place}
    where did you put {thing}
    nothing much happened {time}
    they were married {place} {time}
    open {thing} and have a look
    he walked {place} with {who}
    this is {how} {quality} isn't it
    you should have seen {who}
    once upon a time there was a king who lived {place}
    the prince rode {number} miles through the forest
    and they lived happily ever after
    our guest {time} is a famous singer
    can i have a word with {who}
    how much was {thing}
    it only takes {number} minutes {place}
    call {who} {time}
    read me the next chapter
    set an alarm for {number} minutes
    play some music {place}
    """.strip().splitlines()
)
