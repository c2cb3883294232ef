import { randomInt } from "node:crypto";

const ADVERBS = `boldly briefly brightly calmly cheerfully clearly closely daily deeply eagerly early easily equally
evenly fairly firmly freely friendly fully gently gladly greatly happily honestly jolly justly kindly lately lightly
likely lively loosely loudly lovely mainly merely mildly mostly neatly nicely nearly newly openly partly plainly
possibly promptly properly purely quickly quietly rarely readily really rightly roughly safely secretly seriously
sharply shortly simply slowly smoothly softly solely steadily strongly subtly surely sweetly swiftly truly usually
vastly warmly widely willingly wisely wholly`;

const ADJECTIVES = `able active adapted alert allowed amazed amused ample apt artistic assured awake aware balanced
beloved better big bold boss brave brief bright bursting busy calm capable careful caring central certain charmed chief
clean clear clever close coherent comic composed concise content correct cosmic crisp current daring dear decent deep
delicate direct discrete divine driven dynamic eager easy elegant eminent enabled endless engaged enough epic equal
evolved exact exotic expert fair famous fancy fast fine firm flexible fluent fond frank free fresh full funky game
generous gentle genuine giving glad golden good grand grateful great growing grown handy happy healthy helped helping
holy honest hopeful humble ideal immense improved infinite intense inviting joint just keen key kind known large lasting
leading legal light living logical loved loyal lucky magical main major many master mature meet mighty model modern
moral moved musical mutual national native natural neat needed neutral new next nice noble normal notable novel open
optimal organic outgoing patient peaceful perfect pet picked pleasant pleased polished polite popular positive precious
precise premium prepared pretty primary prime profound promoted prompt proper proud proven pumped pure quality quick
quiet rapid rare rational ready real refined regular related relaxed relevant renewing resolved rested rich right robust
romantic sacred safe saved secure select sensible set settled shining sharp simple sincere skilled smart smashing smooth
social solid sound special splendid square stable star steady sterling still stirring striking strong stunning sunny
super supreme sure sweeping sweet talented tender thankful thorough tidy tight together tops touched trusted true
trusty up upward usable useful valid valued vast viable vital vocal wanted warm wealthy welcome whole willing winning
wired wise witty wondrous workable working worthy`;

const NAMES = `ox ant ape asp bat bee boa bug cat cod cow cub doe dog eel eft elf elk emu ewe fly fox gar gnu hen hog imp
jay kid kit koi lab man owl pig pug pup ram rat ray yak bass bear bird boar buck bull calf chow clam colt crab crow dane
deer dodo dory dove drum duck fawn fish flea foal fowl frog gnat goat grub gull hare hawk ibex joey kite kiwi lamb lark
lion loon lynx mako mink mite mole moth mule mutt newt orca oryx pika pony puma seal shad slug sole stag stud sunf swan
tahr teal tick toad tuna wasp wolf worm wren yeti adder akita alien aphid bison boxer bream bunny burro camel chimp
civet cobra coral corgi crane dingo drake eagle egret filly finch gator gecko ghost ghoul goose guppy heron hippo horse
hound husky hyena koala krill leech lemur liger llama louse macaw midge molly moose moray mouse panda perch prawn quail
racer raven rhino robin satyr shark sheep shrew skink skunk sloth snail snake snipe squid stork swift tapir tetra tiger
troll trout viper wahoo whale zebra badger beagle beetle bengal bobcat caiman cattle cicada collie condor cougar coyote
dassie donkey dragon earwig falcon feline ferret gannet gibbon gopher grouse guinea hermit hornet iguana impala insect
jackal jaguar jennet kitten lizard locust maggot magpie mammal mantis marlin marmot marten martin mayfly minnow monkey
mullet muskox ocelot oriole osprey oyster parrot pigeon piglet poodle possum python quagga rabbit raptor rodent salmon
sawfly serval shiner shrimp spider sponge tadpole thrush tomcat toucan turkey turtle urchin walrus weasel wombat`;

const words = { adverbs: ADVERBS.split(/\s+/), adjectives: ADJECTIVES.split(/\s+/), names: NAMES.split(/\s+/) };

/** `kiwi`, `civil-kiwi`, `neatly-civil-kiwi`, and more adverbs in front for greater lengths. */
export function petName(length: number, separator: string): string {
  const adverbs = Array.from({ length: Math.max(0, length - 2) }, () => one(words.adverbs));
  const adjective = length >= 2 ? [one(words.adjectives)] : [];
  return [...adverbs, ...adjective, one(words.names)].join(separator);
}

function one(list: readonly string[]): string {
  return list[randomInt(list.length)] ?? "";
}
